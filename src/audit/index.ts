export * from './kconfig/index.ts';
export * from './ports.ts';
export * from './tree.ts';
