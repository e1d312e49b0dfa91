export * from './compile.ts';
export type { StackSetting } from './bench.ts';
