export { type AttachDriver, attachDrivers, type AttachVariant, attachVariants } from './drivers.ts';
export {
  type AttachExploration,
  AttachExplorer,
  type AttachFinding,
  type FindingKind,
  findingKinds,
  witnessOf,
} from './explore.ts';
export type { AttachEvent } from './run.ts';
export type { AttachSystem } from './system.ts';
