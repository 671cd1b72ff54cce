export * from './fake-peers.js';
