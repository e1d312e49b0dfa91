export * from './expr.ts';
export * from './layout.ts';
export * from './system.ts';
export * from './validate.ts';
export * from './operands.ts';
