export * from './assert.ts';
export * from './brand.ts';
export * from './result.ts';
export * from './source.ts';
export * from './words.ts';
