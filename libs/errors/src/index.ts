export * from './contract-error.js';
