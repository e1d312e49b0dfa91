export * from './replay.ts';
export * from './scenario-verdict.ts';
export * from './witness.ts';
export * from './words.ts';
