export { type AttachDriver, attachDrivers, type AttachVariant, attachVariants } from './drivers.ts';
export {
  type AttachExploration,
  AttachExplorer,
  type AttachFinding,
  type FindingKind,
  findingKinds,
  witnessOf,
} from './explore.ts';
export {
  type AttachComparison,
  type AttachItem,
  compareAttach,
  findingOf,
  mergeExplorations,
} from './compare.ts';
export type {
  LearntAttach,
  LearntNode,
  LearntObject,
  LearntPlace,
  LearntResult,
} from './learnt.ts';
export { learntVariant } from './learnt-run.ts';
export { learntText, stepText as learntStepText } from './learnt-text.ts';
export {
  attachFunctions,
  type AttachNames,
  type ChanceName,
  chanceNames,
  driverOf,
  namesOf,
} from './names.ts';
export type { AttachEvent } from './run.ts';
export type { AttachSystem } from './system.ts';
