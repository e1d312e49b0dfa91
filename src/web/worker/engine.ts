// The engine's worker: takes questions one after the other and answers each. It is stopped by being
// ended: a search has no time to listen.

import type { AskKind, AskMap, Question, Reply, Tools } from './asks.ts';
import { handlers } from './handlers.ts';

self.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (isQuestion(data)) void reply(data);
});

async function reply({ id, kind, given }: Question): Promise<void> {
  const tools: Tools = { tell: (told) => send({ id, kind: 'told', told }) };
  try {
    if (!isAskOf(kind, given)) throw new Error('no question');
    const answer = await answerOf(kind, given, tools);
    send({ id, kind: 'answer', of: kind, answer });
  } catch (error) {
    send({ id, kind: 'fault', message: error instanceof Error ? error.message : String(error) });
  }
}

function answerOf<K extends AskKind>(
  kind: K,
  given: AskMap[K]['ask'],
  tools: Tools,
): Promise<AskMap[K]['answer']> {
  return handlers[kind](given, tools);
}

// Both ends are ours and of one build: the name of the question stands for its form.
function isAskOf<K extends AskKind>(kind: K, given: unknown): given is AskMap[K]['ask'] {
  return typeof given === 'object' && given !== null && kind in handlers;
}

function isQuestion(data: unknown): data is Question {
  return typeof data === 'object' && data !== null && 'id' in data && 'given' in data;
}

function send(message: Reply): void {
  self.postMessage(message);
}
