export * from './batch-sweeper.js';
export * from './database-connection.js';
export * from './due-rows.js';
export * from './hot-statements.js';
export * from './keeper.js';
export * from './retry.js';
export * from './slices.js';
export * from './sweeper.js';
