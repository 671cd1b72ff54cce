export * from './contract-error.js';
export * from './cut-text.js';
export * from './error-facts.js';
export * from './invalid-body.js';
