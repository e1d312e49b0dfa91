// Who answers which question. Each handler is loaded when it is first asked, so that the first view
// waits for its own part of the engine only.

import type { AskKind, AskMap, Tools } from './asks.ts';

/** A handler of each question. */
export type Handlers = {
  readonly [K in AskKind]: (given: AskMap[K]['ask'], tools: Tools) => Promise<AskMap[K]['answer']>;
};

const matrix = async () => import('../views/matrix/handler.ts');
const tables = async () => import('../views/matrix/tables.ts');
const litmus = async () => import('../views/litmus/handler.ts');
const witness = async () => import('../views/witness/handler.ts');
const audit = async () => import('../views/audit/handler.ts');
const replay = async () => import('../views/replay/handler.ts');

/** All handlers. */
export const handlers: Handlers = {
  'matrix-plan': async () => (await tables()).answerPlan(),
  'matrix-kernel': async (given) => (await tables()).answerKernel(given),
  'matrix-text': async (given) => (await matrix()).answerText(given),
  'matrix-cpus': async () => (await matrix()).answerCpus(),
  'matrix-cell': async (given) => (await matrix()).answerCell(given),
  'litmus-choices': async () => (await litmus()).answerChoices(),
  'litmus-run': async (given, tools) => (await litmus()).answerRun(given, tools),
  'witness-choices': async () => (await witness()).answerChoices(),
  'witness-run': async (given) => (await witness()).answerRun(given),
  'witness-text': async (given) => (await witness()).answerText(given),
  'audit-open': async (given, tools) => (await audit()).answerAuditOpen(given, tools),
  'audit-draw': async (given) => (await audit()).answerAuditDraw(given),
  'audit-text': async (given) => (await audit()).answerAuditText(given),
  'audit-whole': async (given) => (await audit()).answerAuditWhole(given),
  'replay-list': async () => (await replay()).answerReplayList(),
  'replay-find': async (given) => (await replay()).answerReplayFind(given),
  'replay-own': async (given) => (await replay()).answerReplayOwn(given),
  'replay-walk': async (given) => (await replay()).answerReplayWalk(given),
  'replay-run': async (given, tools) => (await replay()).answerReplayRun(given, tools),
};
