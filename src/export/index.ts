export * from './promela.ts';
export { identifiers } from './promela-names.ts';
