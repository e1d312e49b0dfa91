export * from './clauses.ts';
export * from './dimacs.ts';
export * from './literal.ts';
export * from './minimise.ts';
export * from './solver.ts';
