// The remedies of dax-stack.md section 7, as changes to a program or to its addresses.
//
// A remedy that brackets kernel accesses only puts steps around them; whether it works is left to
// exploration.

import { never, present } from '../base/index.ts';
import { type Program, type remedyNames, type Step } from '../litmus/index.ts';
import { replaceSteps } from './flow.ts';

/** Names as typed after `--remedy`; `none` is DAX as it is. */
export type RemedyName = (typeof remedyNames)[number];

/** A remedy for lists and tables: `title` in a few words, `about` in one or two sentences. */
export interface RemedyInfo {
  readonly name: RemedyName;
  readonly title: string;
  readonly about: string;
}

/** Every remedy, in the order of the tables: from none over cures to refusal. */
export const remedies: readonly RemedyInfo[] = [
  { name: 'none', title: 'none', about: 'DAX as it is: no maintenance of any alias.' },
  {
    name: 'congruent',
    title: 'congruent kernel mapping',
    about:
      "The kernel touches the page at an address of the user's colour (Wilcox, 25 January 2016). " +
      'User addresses keep their own colours.',
  },
  {
    name: 'congruent-all',
    title: 'all mappings congruent',
    about: 'As congruent, and page colouring is enforced for every user mapping too.',
  },
  {
    name: 'flush-literal',
    title: "flush, Wilcox's two rules",
    about:
      'Taken literally: flush the user addresses before the kernel reads, flush the kernel ' +
      'address after it stores.',
  },
  {
    name: 'flush-reachable',
    title: 'flush, both sides, in reach',
    about:
      'Write back and invalidate the user addresses before, and the kernel address after, every ' +
      "kernel access; both mappings stay in reach of the hardware's own fills.",
  },
  {
    name: 'flush-complete',
    title: 'flush, complete rule',
    about:
      'As flush-reachable, with no access in between: the user mapping is out of reach while the ' +
      'kernel accesses the page, the kernel mapping is out of reach otherwise, and a mapping is ' +
      'flushed when it is taken away.',
  },
  {
    name: 'uncached-user',
    title: 'uncached user mapping',
    about: 'User mappings bypass the cache; the kernel mapping is cached.',
  },
  { name: 'uncached', title: 'all mappings uncached', about: 'No mapping of the page is cached.' },
  {
    name: 'deny',
    title: 'deny',
    about: 'alloc_dax() refuses: the page is never mapped by DAX, no step of the program happens.',
  },
];

/** Whether accesses through a mapping of this side bypass the cache under the remedy. */
export function bypassesCache(remedy: RemedyName, side: 'kernel' | 'user'): boolean {
  return remedy === 'uncached' || (remedy === 'uncached-user' && side === 'user');
}

/**
 * Colour of each mapping, in the program's order. Where the program names none, the worst case is
 * taken: each address has the next colour. `modulusSuffices` false: the kernel picks addresses
 * equal modulo a unit (SHMLBA) that is no multiple of the way size, so colours may still differ.
 */
export function coloursUnder(
  remedy: RemedyName,
  program: Program,
  choice: { readonly colourCount: number; readonly modulusSuffices: boolean },
): ReadonlyMap<string, number> {
  const { colourCount, modulusSuffices } = choice;
  const colours = new Map(
    program.mappings.map((m, i) => [m.name, (m.colour ?? i) % colourCount] as const),
  );
  if (!modulusSuffices) return colours;
  for (const mapping of program.mappings) {
    const firstUser = program.mappings.find((m) => m.side === 'user' && m.page === mapping.page);
    const shared = firstUser && colours.get(firstUser.name);
    const joins =
      remedy === 'congruent-all' || (remedy === 'congruent' && mapping.side === 'kernel');
    if (joins && shared !== undefined) colours.set(mapping.name, shared);
  }
  return colours;
}

/** Mappings that are in reach when the program starts. */
export function mappedAtStart(remedy: RemedyName, program: Program): ReadonlySet<string> {
  const inReach = program.mappings.filter(
    (m) =>
      !m.mappedLater && (remedy !== 'flush-complete' || m.side === 'user' || m.uncached === true),
  );
  return new Set(inReach.map((m) => m.name));
}

/**
 * The thread's steps with kernel accesses opened up and the remedy's own steps in place. Which user
 * mappings there are is known from the text of the same thread: docs/model/limits.md.
 */
export function stepsUnder(
  remedy: RemedyName,
  program: Program,
  steps: readonly Step[],
): readonly Step[] {
  const mappings = new Map(program.mappings.map((m) => [m.name, m] as const));
  const there = new Set(program.mappings.filter((m) => !m.mappedLater).map((m) => m.name));
  return replaceSteps(steps, (step) => {
    if (step.kind === 'kernel-access') {
      const page = program.lines.find((l) => l.name === step.line)?.page;
      const users = program.mappings
        .filter((m) => m.side === 'user' && m.page === page && there.has(m.name))
        .map((m) => m.name);
      const { before, after } = bracket(remedy, step, users);
      // What bypasses the cache on every machine stays in reach.
      const around = mappings.get(step.mapping)?.uncached === true;
      const stays = (s: Step): boolean =>
        around && (s.kind === 'map' || s.kind === 'unmap') && s.mapping === step.mapping;
      return [...before.filter((s) => !stays(s)), ...step.body, ...after.filter((s) => !stays(s))];
    }
    if (step.kind === 'map') there.add(step.mapping);
    if (step.kind !== 'unmap' || !there.delete(step.mapping)) return [step];
    const { side, page } = present(mappings.get(step.mapping), 'mapping that is taken away');
    if (remedy !== 'flush-complete' || side !== 'user') return [step];
    const lines = program.lines.filter((l) => l.page === page);
    return [step, ...lines.map((l) => maintain(step.mapping, l.name, 'taken away'))];
  });
}

type KernelAccess = Extract<Step, { kind: 'kernel-access' }>;

function bracket(
  remedy: RemedyName,
  access: KernelAccess,
  users: readonly string[],
): { before: readonly Step[]; after: readonly Step[] } {
  const flushUsers = users.map((u) => maintain(u, access.line, 'before the kernel access'));
  const flushKernel = [maintain(access.mapping, access.line, 'after the kernel access')];
  switch (remedy) {
    case 'none':
    case 'congruent':
    case 'congruent-all':
    case 'uncached-user':
    case 'uncached':
    case 'deny':
      return { before: [], after: [] };
    case 'flush-literal':
      return {
        before: access.does === 'read' ? flushUsers : [],
        after: access.does === 'write' ? flushKernel : [],
      };
    case 'flush-reachable':
      return { before: flushUsers, after: flushKernel };
    case 'flush-complete':
      return {
        before: [
          ...users.map((u) => reach('unmap', u)),
          ...flushUsers,
          reach('map', access.mapping),
        ],
        after: [
          reach('unmap', access.mapping),
          ...flushKernel,
          ...users.map((u) => reach('map', u)),
        ],
      };
    default:
      return never(remedy);
  }
}

function maintain(mapping: string, line: string, when: string): Step {
  return { kind: 'flush', mapping, line, says: `the kernel flushes ${mapping} (${when})` };
}

function reach(kind: 'map' | 'unmap', mapping: string): Step {
  const says =
    kind === 'map'
      ? `the kernel puts ${mapping} in reach`
      : `the kernel takes ${mapping} out of reach`;
  return { kind, mapping, says };
}
