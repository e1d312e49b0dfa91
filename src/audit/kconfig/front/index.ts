export * from './check-deps.ts';
export * from './host.ts';
export * from './main.ts';
export type { Asking, Said } from './terminal.ts';
