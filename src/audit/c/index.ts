// The C side of the auditor: facts about DAX and aliasing caches in the sources of one tree.

export { readAllocDax } from './alloc-dax.ts';
export * from './facts.ts';
export { identifyTree } from './identify.ts';
export { maskKernelMacros } from './mask.ts';
export { PREDICATE_VARIANTS, type PredicatePort, readPredicate } from './predicate.ts';
export type { ConfigLookup } from './preprocessor.ts';
export { cNeedles, readCFacts } from './read.ts';
export { readShmlba } from './shmlba.ts';
export type { CNode, CSyntax } from './syntax.ts';
