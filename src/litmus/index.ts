export * from './program.ts';
export {
  claimFor,
  remedyNames,
  type ResultLine,
  type ResultWord,
  resultKernels,
  type Selector,
  type Traits,
  traitsOf,
  traitWords,
} from './result.ts';
