// SPIN's verifier of one model: made once, run for each system in it, and its report read.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identifiers } from '../../src/export/index.ts';
import type { End } from '../../src/explore/index.ts';
import { type Asked, chosenBy } from './model.ts';
import { type Ending, runIn } from './process.ts';

/** What SPIN says of one system, or why it did not come to an end. */
export type Answer =
  | {
      readonly kind: 'searched';
      readonly states: number;
      readonly transitions: number;
      /** Distinct outcomes of end states, sorted like those of explore(). */
      readonly ends: readonly End[];
      readonly verdict: 'Never' | 'Sometimes' | 'Always';
    }
  | { readonly kind: 'cut'; readonly why: string };

/** Limits of one search. */
export interface Limits {
  readonly seconds: number;
  readonly megabytes: number;
}

/** Enough for every system of a few hundred thousand states. */
export const defaultLimits: Limits = { seconds: 20, megabytes: 1024 };

/** A compiled model in a folder of its own. */
export interface Verifier {
  readonly folder: string;
  readonly remove: () => void;
}

/**
 * Compiles a model: a safety search of the full graph, depth first. A model of many systems needs
 * `-DNOCOMP`: their fields are local variables, and SPIN 6.5.2 takes bytes of local bit-fields for
 * padding, which its default compression drops; different states then count as one.
 */
export async function verifierOf(
  model: string,
  further: readonly ('-DBFS' | '-DNOCOMP')[] = [],
): Promise<Verifier> {
  const folder = mkdtempSync(join(tmpdir(), 'dachs-spin-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    writeFileSync(join(folder, 'model.pml'), model);
    await succeed(folder, 'spin', ['-a', 'model.pml']);
    // Optimising costs five times what it saves: most systems have some hundred states.
    const options = ['-DSAFETY', '-DNOREDUCE', '-DPRINTF', `-DMEMLIM=${defaultLimits.megabytes}`];
    await succeed(folder, 'gcc', ['-O0', '-w', ...options, ...further, '-o', 'pan', 'pan.c']);
  } catch (error) {
    remove();
    throw error;
  }
  return { folder, remove };
}

/** What a tool prints about the model in `folder`, whether it is content with it or not. */
export async function printed(
  folder: string,
  program: string,
  args: readonly string[],
): Promise<{ readonly ending: Ending; readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const ending = await runIn({ program, args, folder, seconds: 120 }, (line) => lines.push(line));
  return { ending, lines };
}

async function succeed(folder: string, program: string, args: readonly string[]): Promise<void> {
  const { ending, lines } = await printed(folder, program, args);
  // SPIN also complains without failing.
  if (ending === 0 && !lines.some((line) => /\berror\b/i.test(line))) return;
  throw new Error(`${program} ${args.join(' ')}: ${ending}\n${lines.slice(0, 10).join('\n')}`);
}

/**
 * Searches the system that stands at `index` in the model; `offset` is what the model counts beyond
 * the system itself.
 */
export async function search(
  verifier: Verifier,
  asked: Asked & { readonly index: number },
  offset: { readonly states: number; readonly transitions: number },
  limits: Limits = defaultLimits,
): Promise<Answer> {
  for (const depth of [10_000, 2_000_000]) {
    const said = await runPan(verifier, asked, { ...limits, depth });
    if (said.tooDeep && depth < 2_000_000) continue;
    return read(said, asked, offset);
  }
  throw new Error('the last depth always answers');
}

interface Said {
  readonly ending: Ending;
  readonly tooDeep: boolean;
  /** The number of end states that printed each line. */
  readonly ends: ReadonlyMap<string, number>;
  readonly rest: readonly string[];
}

async function runPan(
  { folder }: Verifier,
  { index }: { readonly index: number },
  limits: Limits & { readonly depth: number },
): Promise<Said> {
  const ends = new Map<string, number>();
  const rest: string[] = [];
  const ending = await runIn(
    {
      program: './pan',
      // All errors, none of them stops the search; the hash table starts small and grows.
      args: ['-c0', '-n', '-x', '-w14', `-m${limits.depth}`],
      folder,
      seconds: limits.seconds,
      env: { [chosenBy]: String(index) },
    },
    (line) => {
      if (line.startsWith('end:')) ends.set(line, (ends.get(line) ?? 0) + 1);
      else if (!line.startsWith('pan:1: assertion violated')) rest.push(line);
    },
  );
  const tooDeep = rest.some((line) => line.includes('max search depth too small'));
  return { ending, tooDeep, ends, rest };
}

function read(said: Said, asked: Asked, offset: { states: number; transitions: number }): Answer {
  const { ending, ends, rest, tooDeep } = said;
  if (tooDeep) return { kind: 'cut', why: 'too deep for a depth-first search' };
  const numberOf = (pattern: RegExp): number | undefined => {
    const found = rest.map((line) => pattern.exec(line)?.[1]).find((text) => text !== undefined);
    return found === undefined ? undefined : Number(found);
  };
  const states = numberOf(/^\s*(\d+) states, stored/);
  const transitions = numberOf(/^\s*(\d+) transitions \(= stored\+matched\)/);
  const errors = numberOf(/errors: (\d+)/);
  const whole = !rest.some((line) => line.includes('Search not completed'));
  if (ending !== 0 || !whole) return { kind: 'cut', why: [ending, ...rest.slice(0, 3)].join(' ') };
  if (states === undefined || transitions === undefined || errors === undefined) {
    throw new Error(`${asked.name}: a report without figures\n${rest.join('\n')}`);
  }
  const sum = (some: readonly number[]) => some.reduce((all, n) => all + n, 0);
  const bad = [...ends].filter(([line]) => line.endsWith('holds=1'));
  // Two ways to the same verdict: what the assertion found, and what the end states printed.
  if (errors !== sum(bad.map(([, count]) => count))) {
    throw new Error(`${asked.name}: ${errors} assertions failed, but the outcomes differ`);
  }
  return {
    kind: 'searched',
    states: states - offset.states,
    // SPIN counts the storing of the initial state, and the way of each end state to itself.
    transitions: transitions - 1 - sum([...ends.values()]) - offset.transitions,
    ends: outcomes([...ends.keys()], asked),
    verdict: bad.length === 0 ? 'Never' : bad.length === ends.size ? 'Always' : 'Sometimes',
  };
}

/** The outcomes of lines such as `end: x_0=1 P0_r0=2 holds=1`. */
function outcomes(lines: readonly string[], { system }: Asked): readonly End[] {
  const names = identifiers(system.fields.map(({ name }) => name));
  const expected = [...system.observed.map((field) => names[field]), 'holds'];
  const ends = lines.map((line): End => {
    const pairs = line
      .split(' ')
      .slice(1)
      .map((pair) => pair.split('='));
    if (pairs.map(([name]) => name).join() !== expected.join())
      throw new Error(`odd line: ${line}`);
    const values = pairs.map(([, value]) => Number(value));
    return { values: values.slice(0, -1), satisfies: values.at(-1) === 1 };
  });
  return ends.sort((a, b) => compare([...a.values, +a.satisfies], [...b.values, +b.satisfies]));
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
