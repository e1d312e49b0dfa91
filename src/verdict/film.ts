// A path as a film: the record that a drawing of a run is made from.

import { present } from '../base/index.ts';
import type { Path } from '../explore/index.ts';
import { congruence } from '../hw/index.ts';
import { type Action, valueIn } from '../ir/index.ts';
import type { Scenario } from '../scenario/index.ts';
import { type PlacedMapping, placeMappings } from './film-addresses.ts';
import { changedBetween, copyKeyOf, framesOf } from './film-frames.ts';
import { filmCache, type IndexedCache, indexCaveat, lookUp } from './film-geometry.ts';
import type {
  Film,
  FilmActor,
  FilmAddress,
  FilmCopy,
  FilmFrame,
  FilmLine,
  FilmMapping,
} from './film-record.ts';
import { filmLines } from './film-lines.ts';
import { factsOf } from './film-run.ts';
import { type Bed, geometryOf } from './settings.ts';
import { copyName, witnessOf } from './witness.ts';

/** What a film is made for: a bed, or as much of one as there is. */
export type FilmBed = Pick<Bed, 'id' | 'machine' | 'example'>;

/** The film of a path of the scenario's system, on the bed that it was compiled for. */
export function filmOf(scenario: Scenario, path: Path, bed: FilmBed): Film {
  const { pageBytes, ...asked } = cachesOf(scenario, bed);
  const placed = placeMappings(scenario, { machine: bed.machine, pageBytes, ...asked });
  const addressBits = bitsOf([...placed.values()]);
  const data = asked.data && { ...asked.data, addressBits };
  const fetch = asked.fetch && { ...asked.fetch, addressBits };
  const choice = { data, fetch };
  const lines = filmLines(scenario, choice);
  const addresses = addressesOf(scenario, { placed, lines, data, fetch });
  const copies = copiesOf(scenario, addresses);
  const facts = factsOf(scenario, path);
  const frames = framesOf(scenario, path, {
    lines,
    facts,
    sets: copies.map(({ set }) => set),
    mappings: new Map([...scenario.names.keys.keys()].map((name) => [name, mappingKey(name)])),
  });
  const inUse = usedMappings(facts.mappings, { copies, frames, path });
  const mappings = mappingsOf(scenario, placed, inUse);
  const end = path.steps.at(-1)?.state ?? path.initial;
  const { isEnd } = scenario.system;
  return {
    witness: witnessOf(scenario, path),
    on: { id: bed.id, name: bed.machine?.name ?? bed.id },
    actors: actorsOf(scenario, path),
    steps: path.steps.map(({ action }, i) => {
      const taken = actionAt(scenario, action);
      const changed = changedBetween(frame(frames, i), frame(frames, i + 1));
      const fails = taken.actor.kind === 'failure' && taken.id !== 'deadlock';
      const read = facts.reads.get(i);
      return { actor: actorKey(scenario, taken), fails, changed, ...(read ? { read } : {}) };
    }),
    frames,
    geometry: {
      pageBytes,
      addressBits,
      ...(data === undefined ? {} : { data: data.cache }),
      ...(fetch === undefined ? {} : { fetch: fetch.cache }),
    },
    lines,
    mappings,
    addresses,
    holds: valueIn(isEnd, end) !== 0 && valueIn(scenario.question, end) !== 0,
    copies,
    notes: notesOf(scenario, { bed, data, fetch, copies, frames }),
  };
}

function frame(frames: readonly FilmFrame[], index: number): FilmFrame {
  return present(frames[index], `frame ${index}`);
}

function actionAt(scenario: Scenario, action: number): Action {
  return present(scenario.system.actions[action], 'action of a path');
}

interface Caches {
  readonly data: IndexedCache | undefined;
  readonly fetch: IndexedCache | undefined;
  readonly pageBytes: number;
}

/** Enough bits for all addresses: as many as processors are built with. */
function bitsOf(placed: readonly PlacedMapping[]): number {
  const highest = Math.max(0, ...placed.flatMap(({ virtual, physical }) => [virtual, physical]));
  return [32, 40].find((bits) => highest < 2 ** bits) ?? 48;
}

function cachesOf({ options, names }: Scenario, bed: FilmBed): Caches {
  const { dcache, icache, pageBytes, isExample } = geometryOf(bed);
  const { machine } = bed;
  const modulus = machine?.arch === 'parisc' ? congruence(machine).modulus : undefined;
  const unit = modulus?.kind === 'bytes' ? { unitBytes: modulus.bytes } : {};
  const common = { pageBytes, addressBits: 48, ...unit };
  const isModelled = dcache !== undefined && options.model.aliasClass !== 'none';
  const fetches = icache !== undefined && names.copies.some(({ cache }) => cache === 'fetch');
  return {
    pageBytes,
    data: isModelled
      ? { ...common, cache: filmCache(dcache, { pageBytes, isExample, policy: dcache }) }
      : undefined,
    fetch: fetches ? { ...common, cache: filmCache(icache, { pageBytes, isExample }) } : undefined,
  };
}

function actorsOf(scenario: Scenario, path: Path): readonly FilmActor[] {
  const { names, program, options } = scenario;
  const several = names.cpus.length > 1;
  const on = (cpu: number) => (several ? ` of CPU ${cpu}` : '');
  const threads = program.threads.map(({ name, cpu = 0 }): FilmActor => {
    return { key: `thread:${name}`, kind: 'thread', name, cpu };
  });
  const data = options.model.aliasClass === 'none' ? [] : names.cpus;
  const fetch = new Set(names.copies.flatMap((c) => (c.cache === 'fetch' ? [c.cpu] : [])));
  const acts = new Set(
    path.steps.map(({ action }) => actorKey(scenario, actionAt(scenario, action))),
  );
  const canCrash = scenario.system.actions.some(({ actor }) => actor.kind === 'crash');
  return [
    ...threads,
    ...data.map((cpu): FilmActor => {
      return { key: `cache:${cpu}`, kind: 'data-cache', name: `data cache${on(cpu)}`, cpu };
    }),
    ...[...fetch].map((cpu): FilmActor => {
      const name = `instruction cache${on(cpu)}`;
      return { key: `icache:${cpu}`, kind: 'instruction-cache', name, cpu };
    }),
    ...(canCrash ? [{ key: 'power', kind: 'power', name: 'power' } as const] : []),
    ...(acts.has('waiting')
      ? [{ key: 'waiting', kind: 'waiting', name: 'all threads' } as const]
      : []),
  ];
}

function actorKey(scenario: Scenario, { id, actor }: Action): string {
  if (actor.kind === 'crash') return 'power';
  if (id === 'deadlock') return 'waiting';
  const { names, program } = scenario;
  if (actor.kind === 'hardware') {
    const label = id.slice(id.indexOf('.') + 1);
    const copy = present(
      names.copies.find((c) => c.label === label),
      'copy of a hardware action',
    );
    return `${copy.cache === 'fetch' ? 'icache' : 'cache'}:${copy.cpu}`;
  }
  const position = present(scenario.positions.get(id), `position of ${id}`);
  return `thread:${present(program.threads[position.thread], 'thread').name}`;
}

function mappingKey(name: string): string {
  return `mapping:${name}`;
}

function mappingsOf(
  scenario: Scenario,
  placed: ReadonlyMap<string, PlacedMapping>,
  used: (key: string) => boolean,
): readonly FilmMapping[] {
  const called = namesOfMappings(scenario);
  return [...scenario.names.keys].map(([name, { mapping, key }]): FilmMapping => {
    const { place } = present(placed.get(name), `place of ${name}`);
    return {
      key: mappingKey(name),
      name: called.get(name) ?? name,
      page: mapping.page,
      side: place === 'user' ? 'user' : 'kernel',
      place,
      uncached: key === undefined && scenario.options.model.aliasClass !== 'none',
      used: used(mappingKey(name)),
    };
  });
}

/** A run without steps has not left anything out yet: it uses all. */
function usedMappings(
  named: ReadonlySet<string>,
  run: {
    readonly copies: readonly FilmCopy[];
    readonly frames: readonly FilmFrame[];
    readonly path: Path;
  },
): (key: string) => boolean {
  const { copies, frames, path } = run;
  const used = new Set([...named].map(mappingKey));
  for (const [i, copy] of copies.entries()) {
    const isThere = frames.some((one) => one.copies[i]?.state !== 'absent');
    const isNamed = copy.mappings.some((key) => used.has(key));
    // Addresses that share a copy need no more than one of them to be named.
    if (isThere && !isNamed) for (const key of copy.mappings) used.add(key);
  }
  for (const [i, { mapping, mapped }] of (frames[0]?.reach ?? []).entries()) {
    if (frames.some(({ reach }) => reach[i]?.mapped !== mapped)) used.add(mapping);
  }
  return (key) => path.steps.length === 0 || used.has(key);
}

// A kernel's addresses are called `page V of page P` in the system: copies have the told names.
function namesOfMappings({ names }: Scenario): ReadonlyMap<string, string> {
  const called = new Map<string, string>();
  for (const copy of names.copies) {
    for (const [i, name] of copy.own.mappings.entries()) {
      called.set(name, copy.addresses[i] ?? name);
    }
  }
  return called;
}

interface Placing {
  readonly placed: ReadonlyMap<string, PlacedMapping>;
  readonly lines: readonly FilmLine[];
  readonly data: IndexedCache | undefined;
  readonly fetch: IndexedCache | undefined;
}

function addressesOf(scenario: Scenario, placing: Placing): readonly FilmAddress[] {
  const { placed, lines, data, fetch } = placing;
  return [...scenario.names.keys].flatMap(([name, key]) => {
    const { virtual, physical } = present(placed.get(name), `address of ${name}`);
    return lines
      .filter(({ page }) => page === key.mapping.page)
      .map((line): FilmAddress => {
        const both = { virtual: virtual + line.offset, physical: physical + line.offset };
        const through = fetch && key.fetch?.key !== undefined ? lookUp(fetch, both) : undefined;
        return {
          mapping: mappingKey(name),
          line: line.key,
          ...both,
          ...(data && key.key !== undefined ? { data: lookUp(data, both) } : {}),
          ...(through === undefined ? {} : { fetch: through }),
        };
      });
  });
}

function copiesOf({ names }: Scenario, addresses: readonly FilmAddress[]): readonly FilmCopy[] {
  return names.copies.map((copy): FilmCopy => {
    const mappings = copy.own.mappings.map(mappingKey);
    const line = `line:${copy.own.line}`;
    const found = addresses.find((a) => a.mapping === mappings[0] && a.line === line);
    const address = present(found, `address of ${copy.label}`);
    const looked = present(address[copy.cache], `place of ${copy.label}`);
    return {
      key: copyKeyOf(copy),
      name: copyName(copy, names.cpus.length > 1),
      line,
      cache: copy.cache,
      cpu: copy.cpu,
      addresses: copy.addresses,
      mappings,
      set: looked.set,
      tag: looked.tag,
      ...(looked.colour === undefined ? {} : { colour: looked.colour }),
    };
  });
}

/** Kernels that have an address space of their own, and what picks it. */
const SPACES: Readonly<Record<string, string>> = {
  parisc: "the space id of the kernel, which the hardware has beside an address's 32 bits",
  m68k: 'the function code of the kernel, which the hardware has beside an address of 32 bits',
};

function notesOf(
  scenario: Scenario,
  of: {
    readonly bed: FilmBed;
    readonly data: IndexedCache | undefined;
    readonly fetch: IndexedCache | undefined;
    readonly copies: readonly FilmCopy[];
    readonly frames: readonly FilmFrame[];
  },
): readonly string[] {
  const { bed, data, frames } = of;
  const { told, options, names } = scenario;
  const notes: string[] = [];
  if (told) {
    notes.push(
      'Addresses are those of the modelled kernel. Registers of its threads are not shown: what ' +
        'a thread has read is part of where it stands.',
      'The model puts the memory of the device at 4 GiB on every machine, so addresses may be ' +
        "wider than those of the CPU: only the bits of set, colour and offset are the machine's.",
    );
  } else {
    notes.push('Addresses are examples: a test names colours, and these numbers have them.');
  }
  const spaces = bed.machine && SPACES[bed.machine.arch];
  if (spaces !== undefined) {
    notes.push(`A kernel address has 2^32 added: it stands for ${spaces}.`);
  }
  if (!bed.machine && data)
    notes.push('A cache kind has no figures: size and ways are an example.');
  if (!data) notes.push('No data cache is modelled: every access goes to memory.');
  else if (data.cache.kind === 'vipt' && data.cache.indexedBy === 'physical') {
    notes.push('Hardware keeps synonyms out: the cache behaves as if it were physically indexed.');
  }
  const caveats = [data, of.fetch].flatMap((one) => (one && indexCaveat(one)) ?? []);
  notes.push(...new Set(caveats));
  if (overflows(of)) {
    notes.push(
      'More copies are in a set than it has ways: the model throws none out for want of room, ' +
        'which an eviction would do.',
    );
  }
  if (options.remedy === 'deny') notes.push('DAX is refused: no step of the program happens.');
  if (told && names.memory.size < names.program.lines.length) {
    notes.push(
      'A line that moves between page frames is shown in each: one that is not in use may be old.',
    );
  }
  const reach = frames[0]?.reach ?? [];
  if (told && reach.length < names.keys.size) {
    notes.push('Page table entries that one thread alone looks at are not shown.');
  }
  return notes;
}

function overflows({
  data,
  fetch,
  copies,
  frames,
}: Pick<Parameters<typeof notesOf>[1], 'data' | 'fetch' | 'copies' | 'frames'>): boolean {
  return frames.some((one) =>
    one.copies.some(({ way }, i) => {
      const cache = copies[i]?.cache === 'fetch' ? fetch : data;
      return way !== undefined && cache !== undefined && way >= cache.cache.ways;
    }),
  );
}
