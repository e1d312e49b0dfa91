export * from './dcache.ts';
export * from './machine.ts';
export * from './reports.ts';
