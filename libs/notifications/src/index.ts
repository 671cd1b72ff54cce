export * from './event-log.js';
export * from './subscriber-authenticator.js';
