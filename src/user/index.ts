export * from './operation.ts';
export * from './operations.ts';
export * from './outcome.ts';
export * from './user.ts';
export * from './setup.ts';
export { Args, type AskedArgument, type RawArgs } from './args.ts';
export * from './physical.ts';
export * from './line.ts';
export * from './names.ts';
