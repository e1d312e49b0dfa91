// Asking: what is stopped ends its worker, what else that worker was asked is asked anew.

import { expect, test, vi } from 'vitest';
import type { Question } from './asks.ts';
import { ask } from './client.ts';

interface Started {
  readonly questions: Question[];
  readonly isEnded: () => boolean;
  readonly answer: (index: number, answer: unknown) => void;
}

const started = vi.hoisted((): Started[] => []);

vi.mock('dachs:engine-worker', () => ({
  startEngine: () => {
    const questions: Question[] = [];
    const heard = new EventTarget();
    let isEnded = false;
    started.push({
      questions,
      isEnded: () => isEnded,
      answer: (index, answer) => {
        const { id = 0, kind } = questions[index] ?? {};
        const data = { id, kind: 'answer', of: kind, answer };
        heard.dispatchEvent(new MessageEvent('message', { data }));
      },
    });
    return {
      addEventListener: heard.addEventListener.bind(heard),
      postMessage: (question: Question) => questions.push(question),
      terminate: () => {
        isEnded = true;
      },
    };
  },
}));

test('Stop ends the worker, and what else it was asked is asked of another', async () => {
  const stop = new AbortController();
  const stopped = ask('matrix-plan', {}, { lane: 'a', signal: stop.signal });
  const other = ask('litmus-choices', {}, { lane: 'a' });
  expect(started).toHaveLength(1);
  stop.abort();
  await expect(stopped).rejects.toThrow('stopped');
  expect(started.map((one) => one.isEnded())).toEqual([true, false]);
  expect(started[1]?.questions.map(({ kind }) => kind)).toEqual(['litmus-choices']);
  started[1]?.answer(0, 'told');
  expect(await other).toBe('told');
  // What was answered can no longer be stopped.
  stop.abort();
  expect(started[1]?.isEnded()).toBe(false);
});
