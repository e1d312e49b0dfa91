export * from './address.ts';
export * from './catalogue.ts';
export * from './concrete.ts';
export { concreteMachine } from './concrete-machine.ts';
export * from './congruence.ts';
export * from './dcache.ts';
export * from './icache.ts';
export * from './machine.ts';
export * from './reports.ts';
