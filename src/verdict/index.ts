export * from './compile.ts';
export * from './reduced-search.ts';
export * from './replay.ts';
export * from './scenario-verdict.ts';
export * from './witness.ts';
export * from './words.ts';
export * from './settings.ts';
export * from './test-verdict.ts';
export { signedValue, valueText } from './values.ts';
