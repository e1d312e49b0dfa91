export type { FragmentEntry } from './encoder.ts';
export { evaluateFragment, fragmentText } from './fragment.ts';
export type { ValueOf } from './fragment.ts';
export type { GroupKind } from './group.ts';
export type { ReasonLink } from './reason.ts';
export { satisfy } from './satisfy.ts';
export type { Satisfaction, SatisfyOptions } from './satisfy.ts';
export { formatWant, parseWant } from './want.ts';
export type { Want } from './want.ts';
