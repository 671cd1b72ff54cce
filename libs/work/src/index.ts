export * from './batch-sweeper.js';
export * from './due-rows.js';
export * from './keeper.js';
export * from './retry.js';
export * from './slices.js';
export * from './sweeper.js';
