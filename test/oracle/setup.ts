// A program on a machine under a remedy: real addresses for its mappings, and the steps that the
// descriptions of remedies and of fsync() add, written without the product's code for them.

import { colours, type Dcache, type IcacheKind, waySizeBytes } from '../../src/hw/index.ts';
import type { Mapping, Program, Step } from '../../src/litmus/index.ts';
import type { Persistence, RemedyName } from '../../src/scenario/index.ts';
import type { Alias, MemoryLine } from './cache.ts';
import type { Bench } from './machine.ts';

const noPersistence = { pmemApi: false, flushcache: false, flushCachePage: false };

/** The hardware that a program runs on. */
export interface Rig {
  readonly dcache?: Dcache;
  readonly instructions?: Dcache;
  readonly icache: IcacheKind;
  readonly pageBytes: number;
}

/** What the kernel does beside the program. */
export interface Choice {
  readonly remedy: RemedyName;
  readonly persistence?: Persistence;
  readonly answers?: Readonly<Record<string, number>>;
}

/** Addresses, lines and steps as they run. */
export function setUp(program: Program, rig: Rig, choice: Choice): Bench {
  const { dcache, instructions, icache } = rig;
  const threads = program.threads.map(({ name, cpu = 0, steps }) => ({
    name,
    cpu,
    steps: stepsOf(program, steps, choice),
  }));
  const kernelOut = choice.remedy === 'flush-complete';
  return {
    program,
    hardware: { dcache, instructions, icache, cpus: [...new Set(threads.map((t) => t.cpu))] },
    aliases: aliasesOf(program, rig, choice.remedy),
    lines: linesOf(program, dcache?.lineBytes ?? 4),
    threads,
    mapped: program.mappings
      .filter((m) => !m.mappedLater && (!kernelOut || m.side === 'user' || m.uncached))
      .map((m) => m.name)
      .sort(),
    executable: new Set(threads.flatMap(({ steps }) => fetchedIn(steps))),
    answers: choice.answers ?? {},
  };
}

// Frames are far apart and lines have offsets of their own, so that no two meet in one set.
function linesOf({ lines }: Program, lineBytes: number): ReadonlyMap<string, MemoryLine> {
  const pages = [...new Set(lines.map((l) => l.page))];
  return new Map(
    lines.map(({ name, page }, number) => [
      name,
      { page, frame: (pages.indexOf(page) + 1) * 2 ** 26, offset: number * lineBytes, number },
    ]),
  );
}

function aliasesOf(
  { mappings }: Program,
  { dcache, instructions, pageBytes }: Rig,
  remedy: RemedyName,
): ReadonlyMap<string, Alias> {
  // Both caches see one address: it is of a colour of the larger way.
  const caches = [dcache, instructions].filter((one) => one !== undefined);
  const way = Math.max(pageBytes, ...caches.map(waySizeBytes));
  const colourCount = Math.max(1, ...caches.map((one) => colours(one, pageBytes)));
  // No two are one address; apart by colour as long as there are colours, or as the program says.
  const own = mappings.map(
    ({ colour }, i) => (i + 1) * way * pageBytes + ((colour ?? i) % colourCount) * pageBytes,
  );
  const baseOf = (mapping: Mapping, i: number): number => {
    const base = own[i] ?? 0;
    const user = mappings.findIndex((m) => m.side === 'user' && m.page === mapping.page);
    const moves =
      remedy === 'congruent-all' || (remedy === 'congruent' && mapping.side === 'kernel');
    if (!moves || user < 0) return base;
    // The next address above its own that is equal to the user's modulo the way size.
    return base + (((((own[user] ?? 0) - base) % way) + way) % way);
  };
  return new Map(
    mappings.map((m, i) => {
      const around = remedy === 'uncached' || (remedy === 'uncached-user' && m.side === 'user');
      return [m.name, { base: baseOf(m, i), cached: !m.uncached && !around, page: m.page }];
    }),
  );
}

function fetchedIn(steps: readonly Step[]): readonly string[] {
  return steps.flatMap((s): readonly string[] => {
    if (s.kind === 'if') return [...fetchedIn(s.yes), ...fetchedIn(s.no)];
    if (s.kind === 'while') return fetchedIn(s.body);
    return s.kind === 'fetch' ? [s.mapping] : [];
  });
}

/** What a remedy knows of a thread, in the order of its text. */
interface Course {
  readonly program: Program;
  readonly remedy: RemedyName;
  readonly persistence: Persistence;
  /** User mappings that are there. */
  readonly there: Set<string>;
}

function stepsOf(program: Program, steps: readonly Step[], choice: Choice): readonly Step[] {
  const { remedy, persistence = noPersistence } = choice;
  const users = program.mappings.filter((m) => m.side === 'user' && !m.mappedLater);
  const there = new Set(users.map((m) => m.name));
  return expanded({ program, remedy, persistence, there }, steps);
}

function expanded(course: Course, steps: readonly Step[]): readonly Step[] {
  const { program, there } = course;
  return steps.flatMap((step): readonly Step[] => {
    switch (step.kind) {
      case 'if': {
        const yes = expanded(course, step.yes);
        return [{ ...step, yes, no: expanded(course, step.no) }];
      }
      case 'while':
        return [{ ...step, body: expanded(course, step.body) }];
      case 'fsync':
        return synced(course.persistence, step);
      case 'dax-flush':
        return course.persistence.pmemApi ? [{ ...step, kind: 'clean' }] : [];
      case 'map':
        if (program.mappings.some((m) => m.name === step.mapping && m.side === 'user')) {
          there.add(step.mapping);
        }
        return [step];
      case 'unmap':
        return unmapped(course, step);
      case 'kernel-access':
        return accessed(course, step);
      default:
        return [step];
    }
  });
}

function synced(
  { flushCachePage, pmemApi }: Persistence,
  { line, users, kernel, tagged }: Extract<Step, { kind: 'fsync' }>,
): readonly Step[] {
  const clean: Step = { kind: 'clean', mapping: kernel, line, says: '' };
  return [
    ...(tagged && flushCachePage ? users.map((user) => flushOf(user, line)) : []),
    ...(tagged && pmemApi ? [clean] : []),
  ];
}

function unmapped(
  { program, remedy, there }: Course,
  step: Extract<Step, { kind: 'map' | 'unmap' }>,
): readonly Step[] {
  if (!there.delete(step.mapping) || remedy !== 'flush-complete') return [step];
  const page = program.mappings.find((m) => m.name === step.mapping)?.page;
  const lines = program.lines.filter((l) => l.page === page);
  return [step, ...lines.map(({ name }) => flushOf(step.mapping, name))];
}

function accessed(
  { program, remedy, persistence, there }: Course,
  { mapping, line, does, body: own }: Extract<Step, { kind: 'kernel-access' }>,
): readonly Step[] {
  const page = program.lines.find((l) => l.name === line)?.page;
  const users = program.mappings
    .filter((m) => m.page === page && there.has(m.name))
    .map((m) => m.name);
  const always = program.mappings.some((m) => m.name === mapping && m.uncached);
  const clean: Step = { kind: 'clean', mapping, line, says: '' };
  const body = does === 'write' && persistence.flushcache ? [...own, clean] : own;
  const u = users.map((name) => flushOf(name, line));
  const k = [flushOf(mapping, line)];
  const reach = (kind: 'map' | 'unmap', name: string): Step => ({ kind, mapping: name, says: '' });
  switch (remedy) {
    case 'flush-literal':
      return does === 'read' ? [...u, ...body] : [...body, ...k];
    case 'flush-reachable':
      return [...u, ...body, ...k];
    case 'flush-complete':
      return [
        ...users.map((name) => reach('unmap', name)),
        ...u,
        ...(always ? [] : [reach('map', mapping)]),
        ...body,
        ...(always ? [] : [reach('unmap', mapping)]),
        ...k,
        ...users.map((name) => reach('map', name)),
      ];
    default:
      return body;
  }
}

function flushOf(mapping: string, line: string): Step {
  return { kind: 'flush', mapping, line, says: '' };
}
