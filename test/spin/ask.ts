// SPIN asked about a list of systems, and its answers compared with those of explore().

import { type Exploration, explore } from '../../src/explore/index.ts';
import { havePrograms } from '../support.ts';
import { type Asked, batchModel, batchOffset, lengthOf } from './model.ts';
import { type Answer, type Limits, search, verifierOf } from './verifier.ts';

/** Why SPIN is not asked, or undefined where it can be: opt-in by DACHS_SPIN=1. */
export function whyNotSpin(): string | undefined {
  if (process.env['DACHS_SPIN'] !== '1') return 'DACHS_SPIN=1 is not set';
  if (!havePrograms('spin', 'gcc')) return 'spin or gcc is missing: apt-get install spin gcc';
  return undefined;
}

/** Length of one file, about, in characters: gcc takes 2 s for as many. */
const maxLength = 250_000;
/** SPIN numbers process types in a byte. */
const maxSystems = 100;
const workers = 2;

/** Answers in the order of the systems. */
export async function askSpin(
  asked: readonly Asked[],
  limits?: Limits,
): Promise<readonly Answer[]> {
  const open = batches(asked);
  const answers = new Map<Asked, Answer>();
  const work = async () => {
    for (let batch = open.shift(); batch !== undefined; batch = open.shift()) {
      const verifier = await verifierOf(batchModel(batch), ['-DNOCOMP']);
      try {
        for (const [index, one] of batch.entries()) {
          answers.set(one, await search(verifier, { ...one, index }, batchOffset, limits));
        }
      } finally {
        verifier.remove();
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return asked.map((one) => answers.get(one) ?? { kind: 'cut', why: 'not asked' });
}

function batches(asked: readonly Asked[]): Asked[][] {
  const all: Asked[][] = [];
  let length = 0;
  for (const one of asked) {
    const own = lengthOf(one);
    const last = all.at(-1);
    if (last && length + own <= maxLength && last.length < maxSystems) {
      last.push(one);
      length += own;
    } else {
      all.push([one]);
      length = own;
    }
  }
  return all;
}

/** What comparing a list came to; `same` and `cut` are counts. */
export interface Comparison {
  readonly same: number;
  /** Systems that SPIN did not get to the end of in its time, with the reason. */
  readonly cut: readonly string[];
  /** One line for each system on which SPIN and explore() do not agree: what each says. */
  readonly different: readonly string[];
}

/** Asks SPIN and explore() the same; a search of ours that is cut off is an error of the test. */
export async function compareWithSpin(
  asked: readonly Asked[],
  found: (one: Asked) => Exploration = ({ system, question }) => explore(system, question),
): Promise<Comparison> {
  const answers = await askSpin(asked);
  const cut: string[] = [];
  const different: string[] = [];
  for (const [i, one] of asked.entries()) {
    const answer = answers[i];
    if (answer === undefined || answer.kind === 'cut') {
      cut.push(`${one.name}: ${answer?.why}`);
      continue;
    }
    const [ours, theirs] = [told(ourAnswer(found(one))), told(answer)];
    if (ours !== theirs) different.push(`${one.name}: dachs ${ours}, SPIN ${theirs}`);
  }
  return { same: asked.length - cut.length - different.length, cut, different };
}

/** What our own search found, in the form of an answer. */
export function ourAnswer(found: Exploration): Answer {
  if (found.outcome !== 'complete') return { kind: 'cut', why: `bound: ${found.outcome.bound}` };
  const { states, transitions, ends } = found;
  const positive = ends.filter(({ satisfies }) => satisfies).length;
  const verdict = positive === 0 ? 'Never' : positive === ends.length ? 'Always' : 'Sometimes';
  return { kind: 'searched', states, transitions, ends, verdict };
}

/** An answer in one line. */
export function told(answer: Answer): string {
  if (answer.kind === 'cut') return `cut (${answer.why})`;
  const { states, transitions, verdict } = answer;
  const ends = answer.ends.map((e) => `${e.values.join('.')}${e.satisfies ? '+' : '-'}`);
  return `${verdict} ${states}/${transitions} {${ends.join(' ')}}`;
}
