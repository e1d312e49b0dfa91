// Asks the engine's workers. A lane is a worker of its own: what one view asks does not wait for
// what another does, and stopping a search ends its lane alone.

import { startEngine } from 'dachs:engine-worker';
import type { AskKind, AskMap, Question, Reply, Told } from './asks.ts';

/** What can be chosen about a question. */
export interface AskOptions {
  /** Name of the worker that answers; by default the name of the question. */
  readonly lane?: string;
  /**
   * Where it is aborted the worker is ended, at once, and the promise rejects; what else the lane
   * was asked is asked anew.
   */
  readonly signal?: AbortSignal;
  readonly onTold?: (told: Told) => void;
}

/** A fault of ours in the worker: never the user's doing. */
export class EngineFault extends Error {}

interface Waiting {
  readonly question: Question;
  readonly take: (reply: Reply) => void;
  readonly fail: (error: unknown) => void;
}

interface Lane {
  readonly worker: Worker;
  readonly waiting: Map<number, Waiting>;
}

const lanes = new Map<string, Lane>();
let asked = 0;

/** Asks; resolves to the answer, rejects where aborted or where the engine is at fault. */
export function ask<K extends AskKind>(
  kind: K,
  given: AskMap[K]['ask'],
  options: AskOptions = {},
): Promise<AskMap[K]['answer']> {
  const { signal, onTold } = options;
  const name = options.lane ?? kind;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(new DOMException('stopped', 'AbortError'));
      return;
    }
    const id = ++asked;
    const question: Question = { id, kind, given };
    const stop = (): void => stopLane(name, id);
    const settle = (): void => {
      lanes.get(name)?.waiting.delete(id);
      signal?.removeEventListener('abort', stop);
    };
    post(name, {
      question,
      take(reply) {
        if (reply.kind === 'told') {
          onTold?.(reply.told);
          return;
        }
        settle();
        if (isAnswerTo(kind, reply)) resolve(reply.answer);
        else reject(new EngineFault(reply.kind === 'fault' ? reply.message : 'another answer'));
      },
      fail(error) {
        settle();
        reject(error);
      },
    });
    signal?.addEventListener('abort', stop, { once: true });
  });
}

function post(name: string, waiting: Waiting): void {
  const lane = laneOf(name);
  lane.worker.postMessage(waiting.question);
  lane.waiting.set(waiting.question.id, waiting);
}

/** Starts a lane's worker before it is asked: its modules are loaded meanwhile. */
export function warm(lane: string): void {
  laneOf(lane);
}

function laneOf(name: string): Lane {
  const known = lanes.get(name);
  if (known) return known;
  const lane: Lane = { worker: startEngine(), waiting: new Map() };
  lanes.set(name, lane);
  lane.worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (isReply(data)) lane.waiting.get(data.id)?.take(data);
  });
  lane.worker.addEventListener('error', ({ message }) => {
    endLane(name, lane, new EngineFault(message));
  });
  return lane;
}

function endLane(name: string, lane: Lane, reason: Error): void {
  lane.worker.terminate();
  if (lanes.get(name) === lane) lanes.delete(name);
  for (const one of lane.waiting.values()) one.fail(reason);
}

// Who asked the others did not stop them: another worker answers.
function stopLane(name: string, id: number): void {
  const lane = lanes.get(name);
  const stopped = lane?.waiting.get(id);
  if (!lane || !stopped) return;
  lane.waiting.delete(id);
  const others = [...lane.waiting.values()];
  lane.waiting.clear();
  endLane(name, lane, new DOMException('stopped', 'AbortError'));
  stopped.fail(new DOMException('stopped', 'AbortError'));
  for (const one of others) post(name, one);
}

function isReply(data: unknown): data is Reply {
  return typeof data === 'object' && data !== null && 'id' in data && 'kind' in data;
}

function isAnswerTo<K extends AskKind>(
  kind: K,
  reply: Reply,
): reply is Reply & { readonly kind: 'answer'; readonly answer: AskMap[K]['answer'] } {
  return reply.kind === 'answer' && reply.of === kind;
}
