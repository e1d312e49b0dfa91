export { type Answer, EXIT, type Form, jsonText } from './answer.ts';
export * from './explain.ts';
export * from './explain-test.ts';
export * from './kernels.ts';
export {
  type MatrixAnswer,
  matrixAnswer,
  matrixAnswerOf,
  type ScenarioTableAnswer,
  scenarioTableAnswer,
} from './matrix.ts';
export * from './run.ts';
export * from './run-path.ts';
export * from './search.ts';
export * from './settings.ts';
export { forShell } from './shell.ts';
export * from './stack.ts';
