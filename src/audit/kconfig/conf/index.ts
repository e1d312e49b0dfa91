export * from './modes.ts';
export * from './open.ts';
export * from './rand.ts';
export * from './read-config.ts';
export * from './run.ts';
export { ConfState } from './state.ts';
export * from './write-config.ts';
