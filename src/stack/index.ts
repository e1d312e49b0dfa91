export { setUp, type StackSetting } from './bench.ts';
export * from './compile.ts';
export * from './concrete.ts';
