export * from './ast.ts';
export * from './edit.ts';
export * from './evaluation.ts';
export * from './expr.ts';
export * from './model.ts';
export * from './names.ts';
export * from './profile.ts';
export * from './read.ts';
