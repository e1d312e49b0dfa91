export * from './audit-text.ts';
export * from './explain-text.ts';
export * from './layout.ts';
export * from './list-text.ts';
export * from './matrix-text.ts';
export * from './records.ts';
export * from './scenario-text.ts';
export * from './witness-text.ts';
