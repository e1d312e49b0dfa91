// From nested steps to a flat list: each operation knows which one comes next.

import type { Step } from '../litmus/index.ts';

/** One step of a thread with the program counter after it. */
export interface Op {
  readonly step: Step;
  /** Counter after the step; for `if` and `while`: where the condition holds. */
  readonly next: number;
  /** `if` and `while`: counter where the condition does not hold. */
  readonly otherwise?: number;
}

/** A place in the list that is known once everything before it is laid out. */
interface Label {
  at: number;
}

/** Lays the steps out in order; the counter of a thread that has ended is the list's length. */
export function flatten(steps: readonly Step[]): readonly Op[] {
  const laid: { step: Step; next: Label; otherwise?: Label }[] = [];
  const place = (list: readonly Step[], end: Label): void => {
    list.forEach((step, i) => {
      const after: Label = i === list.length - 1 ? end : { at: -1 };
      const here = laid.length;
      if (step.kind === 'if') {
        const otherwise = step.no.length > 0 ? { at: -1 } : after;
        const next = step.yes.length > 0 ? { at: here + 1 } : after;
        laid.push({ step, next, otherwise });
        place(step.yes, after);
        if (step.no.length > 0) {
          otherwise.at = laid.length;
          place(step.no, after);
        }
      } else if (step.kind === 'while') {
        const head = { at: here };
        laid.push({
          step,
          next: step.body.length > 0 ? { at: here + 1 } : head,
          otherwise: after,
        });
        place(step.body, head);
      } else {
        laid.push({ step, next: after });
      }
      if (after !== end) after.at = laid.length;
    });
  };
  const end: Label = { at: -1 };
  place(steps, end);
  end.at = laid.length;
  return laid.map(({ step, next, otherwise }) => ({
    step,
    next: next.at,
    ...(otherwise ? { otherwise: otherwise.at } : {}),
  }));
}

/** Replaces each step by others, inside `if` and `while` too; `kernel-access` is left whole. */
export function replaceSteps(
  steps: readonly Step[],
  replace: (step: Step) => readonly Step[],
): readonly Step[] {
  return steps.flatMap((step): readonly Step[] => {
    if (step.kind === 'if') {
      return [
        {
          ...step,
          yes: replaceSteps(step.yes, replace),
          no: replaceSteps(step.no, replace),
        },
      ];
    }
    if (step.kind === 'while') return [{ ...step, body: replaceSteps(step.body, replace) }];
    return replace(step);
  });
}

/** Every step, those inside `if`, `while` and kernel accesses included. */
export function everyStep(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step): readonly Step[] => {
    if (step.kind === 'if') return [step, ...everyStep(step.yes), ...everyStep(step.no)];
    if (step.kind === 'while' || step.kind === 'kernel-access') {
      return [step, ...everyStep(step.body)];
    }
    return [step];
  });
}
