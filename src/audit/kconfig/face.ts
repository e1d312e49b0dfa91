// What other rooms may use of Kconfig.

export * from './conf/index.ts';
export { type KconfigCache, kconfigCache, readKconfig } from './read.ts';
export type { KconfigModel, KconfigNote } from './model.ts';
export { type Assumption, optimistic, pessimistic, type Profile } from './profile.ts';
