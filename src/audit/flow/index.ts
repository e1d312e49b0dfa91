export * from './flow.ts';
export { readFunction, readUnit } from './lower-unit.ts';
export { printExpr, printFlow } from './print.ts';
export { waysOn } from './prune.ts';
export { type Live, liveNames } from './liveness.ts';
export { expressionsOf, visit } from './visit.ts';
