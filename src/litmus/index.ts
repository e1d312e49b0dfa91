export type {
  Block,
  ConditionNode,
  ExprNode,
  InitItem,
  LitmusFile,
  Statement,
  ThreadNode,
} from './ast.ts';
export type { Header } from './header.ts';
export { type Keys, keyNames } from './keys.ts';
export {
  type Formatted,
  formatLitmus,
  type LitmusTest,
  type Parsed,
  parseLitmus,
} from './litmus.ts';
export type { NamedCall } from './lower.ts';
export type { ParamInfo, ParamKind, Primitive, PrimitiveGroup } from './primitives/primitive.ts';
export { stackPrimitives } from './primitives/stack.ts';
export { primitives, signature } from './primitives/table.ts';
export * from './program.ts';
export * from './stack-program.ts';
export {
  claimFor,
  remedyNames,
  type ResultLine,
  type ResultWord,
  resultKernels,
  type Selector,
  type Traits,
  traitsOf,
  traitWords,
} from './result.ts';
export type { DeviceInfo, MountInfo } from './world-types.ts';
