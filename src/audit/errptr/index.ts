// Error pointers over a whole tree.

export { factsOf, longestFunction } from './analyse.ts';
export { auditErrptr } from './audit-errptr.ts';
export type { ErrptrAudit, ErrptrSource, WalkRequest } from './audit-errptr.ts';
export type { FunctionFacts } from './facts.ts';
export { type Scanned, scanFunctions } from './scan.ts';
