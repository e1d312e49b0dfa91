export type { NullField, Problem, Site, Sources, WalkOptions } from './context.ts';
export * from './ends.ts';
export { callExprsOf, callsOf, TreeSources } from './sources.ts';
export type { At, Held, Result, State, Step, Trace } from './state.ts';
export { Walker } from './walker.ts';
