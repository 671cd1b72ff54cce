export * from './close-ledger.js';
export * from './eventually.js';
export * from './peers/index.js';
export * from './faults/index.js';
export * from './free-port.js';
export * from './role-caller.js';
export * from './test-database.js';
export * from './test-ledger.js';
