// A path as notes: what happened to the object, what failed, and what was decided on the way.

import type { FindingNote } from '../finding.ts';
import type { At, State, Step, Trace } from '../walk/index.ts';

/** Steps of a path, the first one first. */
export function stepsOf(trace: Trace): readonly Step[] {
  const steps: Step[] = [];
  for (let one: Trace | undefined = trace; one !== undefined; one = one.before) {
    if (one.step !== undefined) steps.push(one.step);
  }
  return steps.reverse();
}

/** What a note is about. */
export interface About {
  /** The object, where the finding is about one. */
  readonly object: number | undefined;
  /** Where the story begins: the call that acquires, or fails to. */
  readonly from: At | undefined;
  /** Functions of the protocol. */
  readonly functions: ReadonlySet<string>;
}

/** The notes of a path: from the acquisition on, and what was announced before it. */
export function notesOf(state: State, about: About): readonly FindingNote[] {
  const steps = stepsOf(state.trace);
  const start = steps.findIndex((one) => about.from !== undefined && sameAt(one.where, about.from));
  return steps.flatMap((step, index) => {
    if (index < start && step.kind !== 'flag') return [];
    const message = messageOf(step, about);
    if (message === undefined) return [];
    return [{ place: step.where.unit.place(step.where.at), message }];
  });
}

function sameAt(a: At, b: At): boolean {
  return a.unit === b.unit && a.at === b.at;
}

function messageOf(step: Step, about: About): string | undefined {
  switch (step.kind) {
    case 'call':
      return callMessage(step, about);
    case 'question':
      return `'${step.text}' ${step.answer ? 'holds' : 'does not hold'}`;
    case 'store':
      if (step.object !== null && about.object !== undefined && step.object !== about.object) {
        return undefined;
      }
      return `${step.field} is set${step.object === null ? ', though to no object' : ''}`;
    case 'flag':
      return `${step.flag} is announced`;
    case 'return':
      return step.text;
  }
}

function callMessage(
  step: Step & { readonly kind: 'call' },
  { object, functions }: About,
): string | undefined {
  const { function: name, result } = step;
  if (result !== 'ok') {
    const how = result === 'error' ? 'fails' : result === 'NULL' ? 'gives NULL' : `gives ${result}`;
    return `${name}() ${how}`;
  }
  if (step.object === null && functions.has(name))
    return `${name}() is given NULL: nothing happens`;
  if (step.object !== undefined && step.object === object) return `${name}()`;
  return undefined;
}

/** The last call that failed on a path; undefined where none did. */
export function lastFailure(state: State): (Step & { readonly kind: 'call' }) | undefined {
  return stepsOf(state.trace).findLast(
    (step): step is Step & { readonly kind: 'call' } =>
      step.kind === 'call' && step.result !== 'ok',
  );
}
