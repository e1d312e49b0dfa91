export * from './matrix.ts';
export * from './truth.ts';
export * from './scenario-table.ts';
