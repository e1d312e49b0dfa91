// Who answers which question. Each handler is loaded when it is first asked, so that the first view
// waits for its own part of the engine only.

import type { AskKind, AskMap, Tools } from './asks.ts';

/** A handler of each question. */
export type Handlers = {
  readonly [K in AskKind]: (given: AskMap[K]['ask'], tools: Tools) => Promise<AskMap[K]['answer']>;
};

/** All handlers. */
export const handlers: Handlers = {
  auditOpen: async (given, tools) => (await audit()).answerAuditOpen(given, tools),
  auditDraw: async (given) => (await audit()).answerAuditDraw(given),
  auditText: async (given) => (await audit()).answerAuditText(given),
  auditWhole: async (given) => (await audit()).answerAuditWhole(given),
  'matrix-plan': async () => (await tables()).answerPlan(),
  'matrix-kernel': async (given) => (await tables()).answerKernel(given),
  'matrix-text': async (given) => (await matrix()).answerText(given),
  'matrix-cpus': async () => (await matrix()).answerCpus(),
  'matrix-cell': async (given) => (await matrix()).answerCell(given),
  witnessChoices: async () => (await import('../views/witness/handler.ts')).answerChoices(),
  witness: async (given) => (await import('../views/witness/handler.ts')).answerRun(given),
  witnessText: async (given) => (await import('../views/witness/handler.ts')).answerText(given),
  'litmus-choices': async () => (await import('../views/litmus/handler.ts')).answerChoices(),
  'litmus-run': async (given, tools) =>
    (await import('../views/litmus/handler.ts')).answerRun(given, tools),
  'replay-list': async () => (await import('../views/replay/handler.ts')).answerReplayList(),
  'replay-own': async (given) =>
    (await import('../views/replay/handler.ts')).answerReplayOwn(given),
  'replay-walk': async (given) =>
    (await import('../views/replay/handler.ts')).answerReplayWalk(given),
  'replay-run': async (given, tools) =>
    (await import('../views/replay/handler.ts')).answerReplayRun(given, tools),
};

const audit = async () => import('../views/audit/handler.ts');
async function tables() {
  return import('../views/matrix/tables.ts');
}

async function matrix() {
  return import('../views/matrix/handler.ts');
}
