export * from './amount.js';
export * from './currency.js';
export * from './minor-units-column.js';
export * from './stated-unit.js';
