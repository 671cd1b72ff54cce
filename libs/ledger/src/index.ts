export * from './account.entity.js';
export * from './books.js';
export * from './invariants.js';
export * from './ledger-event-log.js';
export * from './ledger-schema.js';
export * from './ledger.js';
export * from './principal.js';
export * from './put-account.js';
