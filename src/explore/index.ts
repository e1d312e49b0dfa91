export * from './exploration.ts';
export { explore, replay } from './explore.ts';
export { type Graph, searchGraph } from './graph.ts';
export { evaluator } from './interpret.ts';
export * from './search.ts';
export { exploreWasm, type WasmOptions } from './wasm/drive.ts';
export { type Crew, type Job, type Member, memberOf, serve } from './wasm/crew.ts';
