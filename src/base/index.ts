export * from './assert.ts';
export * from './brand.ts';
export * from './hash.ts';
export * from './result.ts';
export * from './source.ts';
export * from './utf8.ts';
export * from './words.ts';
