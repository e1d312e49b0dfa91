export * from './reduce.ts';
