export * from './compare.ts';
export * from './replay.ts';
export * from './scenario.ts';
