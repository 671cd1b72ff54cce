export * from './find-differences.js';
export * from './findings.js';
export * from './places.js';
