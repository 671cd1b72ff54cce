export * from './create-fee-rules.migration.js';
export * from './create-quotes.migration.js';
export * from './fee-rule.entity.js';
export * from './fee-rules.js';
export * from './quote-status.js';
export * from './quote.entity.js';
export * from './tariff.js';
export * from './transfer-type.js';
