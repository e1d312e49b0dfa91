// Instruction caches by exploration: which machines cpu_icache_is_aliasing() has to say yes for,
// and whether a program that is executed in place from a DAX file runs what was written to it.

import type { Source } from '../base/index.ts';
import { type Bounds, defaultBounds } from '../explore/index.ts';
import {
  type AliasClass,
  type Icache,
  icacheFacts,
  instructionClass,
  type Machine,
} from '../hw/index.ts';
import {
  believesAliasing,
  cpu_icache_is_aliasing,
  type DropsLines,
  type ExecSync,
  execSync,
} from '../kernel/index.ts';
import type { Mapping, Program, Step } from '../litmus/index.ts';
import { cacheModelOf } from '../scenario/index.ts';
import { judgeScenario, type ScenarioVerdict } from '../verdict/index.ts';

/** What is asked of each machine, in the order of the columns. */
export type IcacheQuestion = 'alias' | 'new' | 'again' | 'runs';

/** One machine: its I-cache, the predicates, and one verdict for each question. */
export interface IcacheRow {
  readonly machine: Machine;
  /** Undefined where no cache is modelled. */
  readonly facts: Icache | undefined;
  readonly aliasClass: AliasClass | undefined;
  /** Fetches see stores by themselves. */
  readonly isCoherent: boolean;
  readonly sync: ExecSync;
  readonly dcacheSays: boolean;
  /** The default of 6.13: what it says without a definition of the port's own, arc's apart. */
  readonly icacheSays: boolean;
  readonly verdicts: Readonly<Record<IcacheQuestion, ScenarioVerdict>>;
}

/** The questions in words. */
export const icacheQuestions: Readonly<Record<IcacheQuestion, string>> = {
  alias:
    'The kernel stores code by its own address, writes the line back and drops the instruction ' +
    'line, both by that address. May a fetch by the address of the user find the old code? This ' +
    'is what cpu_icache_is_aliasing() has to tell.',
  new:
    'write() to a DAX file that nobody has mapped yet, then mmap() and a jump into it, with what ' +
    'the port does in 6.12 when the page is mapped. May old code run?',
  again:
    'The same with a file that has been mapped and run before: its mapping is gone, and what is ' +
    'done once for a page has been done.',
  runs: 'write() to a DAX file while a program runs from it. May the old code go on?',
};

/** A row for each machine, in their order; equal programs on equal caches are explored once. */
export function icacheMatrix(
  machines: readonly Machine[],
  bounds: Bounds = defaultBounds,
): readonly IcacheRow[] {
  const known = new Map<string, ScenarioVerdict>();
  const judge = (machine: Machine, question: IcacheQuestion): ScenarioVerdict => {
    const model = cacheModelOf(machine);
    const program = icacheProgram(question, execSync(machine));
    const key = JSON.stringify([program.threads, model]);
    const verdict = known.get(key) ?? judgeScenario(program, { model, remedy: 'none' }, bounds);
    known.set(key, verdict);
    return verdict;
  };
  return machines.map((machine): IcacheRow => {
    const dcacheSays = believesAliasing(machine, '6.12');
    return {
      machine,
      facts: icacheFacts(machine),
      aliasClass: instructionClass(machine)?.aliasClass,
      isCoherent: cacheModelOf(machine).icache === 'coherent',
      sync: execSync(machine),
      dcacheSays,
      icacheSays: cpu_icache_is_aliasing(machine.arch, dcacheSays),
      verdicts: {
        alias: judge(machine, 'alias'),
        new: judge(machine, 'new'),
        again: judge(machine, 'again'),
        runs: judge(machine, 'runs'),
      },
    };
  });
}

/** How the predicate of 6.13 stands to what exploration finds. */
export function predicateVerdict(row: IcacheRow): 'right' | 'missing' | 'needless' {
  const needed = row.verdicts.alias.stale;
  if (needed === row.icacheSays) return 'right';
  return needed ? 'missing' : 'needless';
}

const K: Mapping = { name: 'K', page: 'x', side: 'kernel' };
const U: Mapping = { name: 'U', page: 'x', side: 'user' };

/** The program of a question on a port; K and U are of different colours where there are two. */
export function icacheProgram(question: IcacheQuestion, sync: ExecSync): Program {
  const isMappedLater = question === 'new' || question === 'again';
  return {
    name: `icache-${question}`,
    title: question,
    about: icacheQuestions[question],
    lines: [{ name: 'x', page: 'x', cells: [0] }],
    mappings: [K, isMappedLater ? { ...U, mappedLater: true } : U],
    threads: [{ name: 'P0', steps: stepsOf(question, sync) }],
    question: {
      quantifier: 'exists',
      condition: { op: 'register', thread: 'P0', register: 'r1', value: 0 },
    },
    sources: sourcesOf(question, sync),
  };
}

function sourcesOf(question: IcacheQuestion, sync: ExecSync): readonly Source[] {
  if (question === 'alias') {
    return [{ kind: 'kernel', file: 'Documentation/core-api/cachetlb.rst', release: '6.12' }];
  }
  return [sync.source];
}

function stepsOf(question: IcacheQuestion, sync: ExecSync): readonly Step[] {
  switch (question) {
    case 'alias':
      return [write('the kernel'), clean('the kernel'), ...drop('kernel address'), run('r1')];
    case 'new':
      return [write('write()'), ...mapped(sync, true), run('r1')];
    case 'again':
      return [
        ...mapped(sync, true),
        run('r0'),
        { kind: 'unmap', mapping: 'U', says: 'the mapping goes' },
        ...drop(sync.unmap),
        write('write()'),
        ...mapped(sync, false),
        run('r1'),
      ];
    default:
      return [run('r0'), write('write()'), run('r1')];
  }
}

// What the port does when the page is mapped: data lines first, or a fetch could fill in between.
function mapped(sync: ExecSync, isFirst: boolean): readonly Step[] {
  return [
    { kind: 'map', mapping: 'U', says: 'the page is mapped for execution' },
    ...(isFirst && sync.data === 'once' ? [clean('the port')] : []),
    ...(isFirst || !sync.instructionsOnce ? drop(sync.instructions) : []),
  ];
}

function drop(what: DropsLines): readonly Step[] {
  const through = (mapping: string): Step => ({
    kind: 'invalidate-icache',
    mapping,
    line: 'x',
    says: `instruction lines of ${mapping} are dropped`,
  });
  switch (what) {
    case 'none':
      return [];
    case 'kernel address':
      return [through('K')];
    case 'user address':
      return [through('U')];
    default:
      return [through('K'), through('U')];
  }
}

function write(who: string): Step {
  const says = `${who} stores new code through K`;
  return { kind: 'store', mapping: 'K', line: 'x', cell: 0, value: 1, says };
}

function clean(who: string): Step {
  return { kind: 'flush', mapping: 'K', line: 'x', says: `${who} writes back and drops K` };
}

function run(register: string): Step {
  const says = 'the program fetches through U';
  return { kind: 'fetch', mapping: 'U', line: 'x', cell: 0, register, says };
}
