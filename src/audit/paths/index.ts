export { auditPaths, type Exempt, type PathAudit, pathNeedles } from './audit-paths.ts';
export * from './audit-protocols.ts';
export { kbuildSymbols } from './kbuild.ts';
export { lastFailure, notesOf, stepsOf } from './notes.ts';
export { type PathFinding, pathFindings } from './path-findings.ts';
export { type OpenFinding, questionsOf, textOf as questionText, withReach } from './reach.ts';
export { type WalkedFile, type WalkedFunction, walkFile } from './walk-file.ts';
export { learnAttaches } from './learn.ts';
