export * from './address.js';
export * from './condition.js';
export * from './errors.js';
export * from './ipr.js';
export * from './ipr-content.js';
export * from './packet.js';
export * from './psk.js';
export * from './secret.js';
