// A program on a machine under a remedy: real addresses for its mappings, and the steps that the
// descriptions of remedies and of fsync() add, written without the product's code for them.

import { colours, type Dcache, waySizeBytes } from '../../src/hw/index.ts';
import type { Program, Step } from '../../src/litmus/index.ts';
import type { Persistence, RemedyName } from '../../src/scenario/index.ts';
import { type Alias, type Bench, lineBytes } from './cache.ts';

const noPersistence = { pmemApi: false, flushcache: false, flushCachePage: false };

/** Addresses, lines and steps as they run. */
export function setUp(
  program: Program,
  { dcache, pageBytes }: { readonly dcache?: Dcache; readonly pageBytes: number },
  { remedy, persistence = noPersistence }: { remedy: RemedyName; persistence?: Persistence },
): Bench {
  const way = dcache ? waySizeBytes(dcache) : pageBytes;
  const colourCount = dcache ? colours(dcache, pageBytes) : 1;
  // Far apart, so that no two are one address; apart by colour as long as there are colours.
  const worst = program.mappings.map(
    (_, i) => (i + 1) * way * pageBytes + (i % colourCount) * pageBytes,
  );
  const user = worst[program.mappings.findIndex((m) => m.side === 'user')] ?? 0;
  const aliases = program.mappings.map(({ name, side }, i): [string, Alias] => {
    const moved = remedy === 'congruent-all' || (remedy === 'congruent' && side === 'kernel');
    const own = worst[i] ?? 0;
    // The next address above its own that is equal to the user's modulo the way size.
    const base = moved ? own + ((((user - own) % way) + way) % way) : own;
    const cached = !(remedy === 'uncached' || (remedy === 'uncached-user' && side === 'user'));
    return [name, { base, cached }];
  });
  return {
    dcache,
    aliases: new Map(aliases),
    offsets: new Map(program.lines.map(({ name }, i) => [name, i * lineBytes(dcache)])),
    threads: program.threads.map(({ name, steps }) => ({
      name,
      steps: expanded(program, steps, remedy, persistence),
    })),
  };
}

function expanded(
  program: Program,
  steps: readonly Step[],
  remedy: RemedyName,
  persistence: Persistence,
): readonly Step[] {
  const users = program.mappings.filter((m) => m.side === 'user').map((m) => m.name);
  const gone: string[] = [];
  const says = '';
  return steps.flatMap((step): readonly Step[] => {
    if (step.kind === 'fsync') {
      const { line, user, kernel, tagged } = step;
      const flush: Step = { kind: 'flush', mapping: user, line, says };
      const clean: Step = { kind: 'clean', mapping: kernel, line, says };
      return [
        ...(tagged && persistence.flushCachePage ? [flush] : []),
        ...(tagged && persistence.pmemApi ? [clean] : []),
      ];
    }
    if (step.kind === 'unmap') {
      const first = !gone.includes(step.mapping) && users.includes(step.mapping);
      gone.push(step.mapping);
      if (remedy !== 'flush-complete' || !first) return [step];
      return [step, ...program.lines.map(({ name }) => flushOf(step.mapping, name))];
    }
    if (step.kind !== 'kernel-access') return [step];
    const { mapping, line, does } = step;
    const live = users.filter((u) => !gone.includes(u));
    const durable = does === 'write' && persistence.flushcache;
    const body: Step[] = durable
      ? [...step.body, { kind: 'clean', mapping, line, says }]
      : [...step.body];
    const u = live.map((name) => flushOf(name, line));
    const k = [flushOf(mapping, line)];
    const unmap = (name: string): Step => ({ kind: 'unmap', mapping: name, says });
    const map = (name: string): Step => ({ kind: 'map', mapping: name, says });
    switch (remedy) {
      case 'flush-literal':
        return does === 'read' ? [...u, ...body] : [...body, ...k];
      case 'flush-reachable':
        return [...u, ...body, ...k];
      case 'flush-complete':
        return [
          ...live.map(unmap),
          ...u,
          map(mapping),
          ...body,
          unmap(mapping),
          ...k,
          ...live.map(map),
        ];
      default:
        return body;
    }
  });
}

function flushOf(mapping: string, line: string): Step {
  return { kind: 'flush', mapping, line, says: '' };
}
