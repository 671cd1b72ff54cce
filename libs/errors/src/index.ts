export * from './contract-error.js';
export * from './invalid-body.js';
