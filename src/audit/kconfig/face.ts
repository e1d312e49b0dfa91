// What other rooms may use of Kconfig.

export * from './conf/index.ts';
export { archOf, toolNames } from './environment.ts';
export {
  type Asking,
  type ConfHost,
  checkDependencies,
  cycleProblem,
  cyclesProblem,
  runFront,
  TooLarge,
} from './front/index.ts';
export { type ReadListener } from './lines.ts';
export type { KconfigModel, KconfigNote } from './model.ts';
export * from './profile.ts';
export { type KconfigCache, kconfigCache, readKconfig } from './read.ts';
export * from './toolchain.ts';
export * from './sat/index.ts';
export { presetText } from './values.ts';
