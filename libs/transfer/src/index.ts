export * from './create-transfers.migration.js';
export * from './ledger-uris.js';
export * from './same-content.js';
export * from './transfer-errors.js';
export * from './transfer-json.js';
export * from './transfer-request.js';
export * from './transfer-state.js';
export * from './transfer.entity.js';
