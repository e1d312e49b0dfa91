export * from './compare.ts';
export * from './recording.ts';
export * from './replay.ts';
export * from './scenario.ts';
export * from './sight.ts';
export * from './walk.ts';
