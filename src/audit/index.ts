export * from './audit.ts';
export { daxSymbols, HISTORIC_LIST, type RefusalList } from './buildable.ts';
export * from './c/index.ts';
export * from './finding.ts';
export { mayBeRefused } from './gate.ts';
export { optimistic, pessimistic, type Profile } from './kconfig/index.ts';
export * from './ports.ts';
export * from './record.ts';
export * from './tree.ts';
