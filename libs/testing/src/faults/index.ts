export * from './control-request.js';
export * from './database-faults.js';
export * from './fault-control.js';
export * from './fault-proxy.js';
export * from './faults.js';
export * from './role-program.js';
export * from './round-robin-proxy.js';
