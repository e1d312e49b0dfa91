export * from './audit-file/index.ts';
export { BASELINE_HINT, baselineFromJson } from './baseline-json.ts';
export { AUDIT_HINT, findingsFromJson } from './findings-json.ts';
export * from './kernel-json.ts';
export * from './profile-json.ts';
export * from './protocol-json.ts';
