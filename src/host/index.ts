export * from './findings-json.ts';
export * from './c-syntax.ts';
export * from './file-tree.ts';
export * from './kernel-json.ts';
export * from './kernels.ts';
export * from './progress.ts';
export * from './reason.ts';
export * from './text-file.ts';
