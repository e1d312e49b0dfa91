export * from './cache-model.ts';
export * from './compile.ts';
export { conditionText } from './condition.ts';
export { type Copy, copyFor, type Names } from './names.ts';
export * from './persistence.ts';
export { type RemedyInfo, type RemedyName, remedies } from './remedy.ts';
export * from './scenarios.ts';
