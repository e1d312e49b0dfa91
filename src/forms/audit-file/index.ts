export { auditFileFrom } from './file.ts';
export type * from './shown.ts';
