export * from './data-source.js';
export * from './database-access.js';
export * from './database-client.js';
export * from './database-pool.js';
export * from './database-target.js';
export * from './libpq-parameters.js';
export * from './troubles.js';
