// A witness as text: each step with only what changes, then why, what would prevent it, and the
// replay.

import type { Replay, Witness, WitnessStep } from '../verdict/index.ts';
import { labelled, wrap } from './layout.ts';

/**
 * Lines of a run, indented by two. `outcome`: how it ends; `prevents`: remedies found to help;
 * `replay`: the line to type.
 */
export function witnessLines(
  witness: Witness,
  context: {
    readonly outcome: Replay['outcome'];
    readonly prevents: readonly string[];
    readonly replay: string;
  },
): readonly string[] {
  const steps = runsOf(witness.steps).flatMap(({ step, first, count }) => {
    const says = count > 1 ? `${step.says} (${count} times)` : step.says;
    return stepLines({ ...step, says }, first);
  });
  return [
    ...steps,
    ...wrap(ENDS[context.outcome](witness.condition), 5),
    '',
    ...(context.outcome === 'bad' ? reasonLines(witness, context.prevents) : []),
    // One line, however long: it is there to be pasted.
    `  replay    ${context.replay}`,
  ];
}

const ENDS: Readonly<Record<Replay['outcome'], (condition: string) => string>> = {
  bad: (condition) => `exists ${condition}`,
  good: (condition) => `an end state, and not the bad outcome (${condition})`,
  unfinished: () => 'no end state: the program, or a write-back, is still to come',
};

function reasonLines(witness: Witness, prevents: readonly string[]): readonly string[] {
  return [
    ...witness.why.flatMap((sentence, i) => labelled(i === 0 ? '  why' : '', sentence)),
    ...labelled('  prevented', prevents.join(', ') || 'by no remedy that was tried'),
  ];
}

interface Run {
  readonly step: WitnessStep;
  /** The number of its first step, from 1. */
  readonly first: number;
  readonly count: number;
}

// Steps in a row that say the same, and change nothing that is shown, are told once.
function runsOf(steps: readonly WitnessStep[]): readonly Run[] {
  const runs: Run[] = [];
  for (const [i, step] of steps.entries()) {
    const last = runs.at(-1);
    const isMore = last?.step.says === step.says && isSilent(last.step) && isSilent(step);
    if (last && isMore) runs.splice(-1, 1, { ...last, count: last.count + 1 });
    else runs.push({ step, first: i + 1, count: 1 });
  }
  return runs;
}

function isSilent({ changes }: WitnessStep): boolean {
  return changes.length === 0;
}

function stepLines(step: WitnessStep, number: number): readonly string[] {
  const mark = step.actor === 'hardware' ? '*' : ' ';
  const head = wrap(`${step.says}`, 5).map((line, i) =>
    i === 0 ? `${String(number).padStart(3)}${mark} ${line.slice(5)}` : line,
  );
  const changes = step.changes.map((c) => `       ${c.what}: ${c.from} -> ${c.to}`);
  return [...head, ...changes];
}
