// A witness as text: each step with only what changes, then why, what would prevent it, and the
// replay.

import type { Witness, WitnessStep } from '../verdict/index.ts';
import { labelled, wrap } from './layout.ts';

/**
 * Lines of a witness, indented by two. `prevents`: remedies found to help; `replay`: the line to
 * type.
 */
export function witnessLines(
  witness: Witness,
  context: { readonly prevents: readonly string[]; readonly replay: string },
): readonly string[] {
  const steps = witness.steps.flatMap((step, i) => stepLines(step, i + 1));
  return [
    ...steps,
    ...wrap(`exists ${witness.condition}`, 5),
    '',
    ...witness.why.flatMap((sentence, i) => labelled(i === 0 ? '  why' : '', sentence)),
    ...labelled('  prevented', context.prevents.join(', ') || 'by no remedy that was tried'),
    ...labelled('  replay', context.replay),
  ];
}

function stepLines(step: WitnessStep, number: number): readonly string[] {
  const mark = step.actor === 'hardware' ? '*' : ' ';
  const head = wrap(`${step.says}`, 5).map((line, i) =>
    i === 0 ? `${String(number).padStart(3)}${mark} ${line.slice(5)}` : line,
  );
  const changes = step.changes.map((c) => `       ${c.what}: ${c.from} -> ${c.to}`);
  return [...head, ...changes];
}
