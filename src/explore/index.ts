export * from './explore.ts';
export { evaluator } from './interpret.ts';
