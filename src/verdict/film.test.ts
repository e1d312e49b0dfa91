// A film says what its witness says, and puts copies where the bits of their addresses put them.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { colourOf, machines, setIndexOf, vaddr } from '../hw/index.ts';
import { type LitmusTest, parseLitmus } from '../litmus/index.ts';
import { coherenceScenarios, compileScenario, mappingKeys, scenarios } from '../scenario/index.ts';
import { filmOf } from './film.ts';
import type { Film, FilmFrame } from './film-record.ts';
import { bedOf, cacheKinds } from './settings.ts';
import { allBeds, anyPath, bedNamed, scenarioOf, shortest } from './test-film.ts';
import type { Change } from './witness.ts';

/** A test of the catalogue, `shelf/NAME`. */
function catalogued(name: string): LitmusTest {
  const url = new URL(`../../catalogue/${name}.litmus`, import.meta.url);
  const parsed = parseLitmus(readFileSync(url, 'utf8'), name);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.test;
}

/** What the frame shows of a thing that a witness calls `what`. */
function shown(film: Film, frame: FilmFrame, { kind, what }: Change): string | undefined {
  switch (kind) {
    case 'copy': {
      const index = film.copies.findIndex(({ name }) => name === what);
      const copy = frame.copies[index];
      return copy && [copy.state, ...copy.values].join(' ');
    }
    case 'memory':
      return frame.memory
        .find(({ key }) => key === what.replace('memory ', 'memory:'))
        ?.values.join(' ');
    case 'register':
      return frame.registers.find(({ name }) => name === what)?.value;
    case 'reach': {
      const key = film.mappings.find(({ name }) => name === what)?.key;
      const entry = frame.reach.find(({ mapping }) => mapping === key);
      return entry && (entry.mapped ? 'in reach' : 'out of reach');
    }
    case 'lock':
      return frame.locks.find(({ name }) => name === what)?.state;
  }
}

function agrees(film: Film): void {
  const { witness, frames, steps } = film;
  expect(frames).toHaveLength(witness.steps.length + 1);
  expect(steps).toHaveLength(witness.steps.length);
  for (const [i, { changes }] of witness.steps.entries()) {
    const before = frames[i];
    const after = frames[i + 1];
    if (!before || !after) throw new Error('a frame on each side');
    for (const change of changes) {
      expect([change.what, shown(film, before, change)]).toEqual([change.what, change.from]);
      expect([change.what, shown(film, after, change)]).toEqual([change.what, change.to]);
    }
    expect(steps[i]?.changed).toHaveLength(changes.length);
    expect(film.actors.map(({ key }) => key)).toContain(steps[i]?.actor);
  }
  for (const frame of frames) inPlace(film, frame);
}

/** No two copies are in one way of one set. */
function inPlace(film: Film, frame: FilmFrame): void {
  const taken = frame.copies.flatMap(({ way }, i) => {
    const { cache, cpu, set } = film.copies[i] ?? {};
    return way === undefined ? [] : [`${cache} ${cpu} ${set} ${way}`];
  });
  expect(new Set(taken).size).toBe(taken.length);
}

const beds = [
  'arm926ej-s',
  'arm1176-32k',
  'cortex-a15',
  'skylake',
  'sh7750/4k',
  '24kc-32k/4k',
  'r4000sc',
  'm68030',
  'vivt-direct-back',
  'pa-8700',
];

const tests = [
  'coherence/CoWR+k+u+other',
  'icache/IF+k+u+flush-k+other',
  'icache/IF+k+k+broadcast+cpus',
  'persistence/P+MP+anywhere',
  'persistence/P+WW+eadr+aliases',
  'locks/LK+deadlock',
  'locks/LK+lock+crash',
  'dax/DAX+cow',
  'lost-update/LU+cells+k+u+other',
];

test.each(tests)('%s: frames are what the changes of the witness say, on any machine', (name) => {
  const asked = catalogued(name);
  for (const id of beds) {
    const bed = bedNamed(id);
    const scenario = scenarioOf(asked, bed);
    for (const seed of [1, 2]) agrees(filmOf(scenario, anyPath(scenario, seed, 30), bed));
  }
});

test('the last frame is the end state, and the film survives JSON', () => {
  for (const program of scenarios) {
    for (const bed of cacheKinds.slice(0, 8)) {
      const scenario = compileScenario(program, { model: bed.model, remedy: 'none' });
      const path = anyPath(scenario, 7, 40);
      const film = filmOf(scenario, path, bed);
      agrees(film);
      expect(JSON.parse(JSON.stringify(film))).toEqual(film);
      const end = path.steps.at(-1)?.state ?? path.initial;
      const last = film.frames.at(-1);
      const { memory, registers } = scenario.names;
      expect(last?.memory.map(({ values }) => values)).toEqual(
        [...memory.values()].map((cells) => cells.map((field) => String(end[field]))),
      );
      expect(last?.registers.map(({ value }) => value)).toEqual(
        [...registers.values()].map((field) => String(end[field])),
      );
    }
  }
});

function film(name: string, id: string): Film {
  const bed = bedNamed(id);
  const scenario = scenarioOf(catalogued(name), bed);
  return filmOf(scenario, shortest(scenario), bed);
}

test('under two colours a line has copies in two sets; old copies are marked', () => {
  const told = film('coherence/CoWR+k+u+other', 'arm1176-32k');
  expect(told.geometry.data).toMatchObject({
    sets: 256,
    ways: 4,
    colours: 2,
    indexedBy: 'virtual',
  });
  const [k, u] = told.copies;
  expect([k?.colour, u?.colour]).toEqual([0, 1]);
  expect(Math.abs((k?.set ?? 0) - (u?.set ?? 0))).toBe(128);
  expect(k?.line).toBe(u?.line);
  expect(k?.tag).toBe(u?.tag);
  const old = told.frames.map(({ copies }) => copies.map((c) => c.old.includes(true)));
  expect(old.at(0)).toEqual([false, false]);
  expect(old.flat()).toContain(true);
});

test('a read says from where it takes what, a register nothing before it is written', () => {
  const told = film('coherence/CoWR+k+u+other', 'arm1176-32k');
  expect(told.holds).toBe(true);
  expect(told.mappings.map(({ used }) => used)).toEqual([true, true]);
  const { read, changed } = told.steps.at(-1) ?? {};
  expect(read).toEqual({
    copy: told.copies[1]?.key,
    line: 'line:x',
    isHit: false,
    value: '0',
    old: true,
    register: 'register:P0:r0',
    thread: 'P0',
  });
  // Memory has 0, and 0 is what a register has before: nothing but `written` tells of it.
  expect(changed).not.toContain('register:P0:r0');
  const written = told.frames.map(({ registers }) => registers.map((one) => one.written));
  expect(written.slice(-2)).toEqual([[false], [true]]);
});

test('an address space of the kernel is told where one is', () => {
  const notes = (id: string) => film('coherence/CoWR+k+u+other', id).notes.join(' ');
  expect(notes('pa-8700')).toContain('the space id of the kernel');
  expect(notes('arm1176-32k')).not.toContain('2^32');
});

test('a VIVT cache with ways of a page has both copies in one set, under two tags', () => {
  const told = film('coherence/CoWR+k+u+other', 'arm926ej-s');
  const [k, u] = told.copies;
  expect(told.geometry.data).toMatchObject({ colours: 1, taggedBy: 'virtual' });
  expect(k?.set).toBe(u?.set);
  expect(k?.tag).not.toBe(u?.tag);
  const ways = told.frames.flatMap(({ copies }) => copies.map(({ way }) => way));
  expect(ways).toContain(1);
});

test('in a VIVT kind with four colours the bits put them into two sets', () => {
  const told = film('coherence/CoWR+k+u+other', 'vivt-set-back');
  const [k, u] = told.copies;
  expect(k?.set).not.toBe(u?.set);
  expect(told.geometry.data?.isExample).toBe(true);
  expect(told.notes.join()).toContain('an example');
});

test('where the cache is physically indexed there is one copy and no colour', () => {
  for (const id of ['cortex-a15', 'cortex-a8', 'skylake']) {
    const bed = bedNamed(id);
    const scenario = scenarioOf(catalogued('coherence/CoWR+k+u+other'), bed);
    const told = filmOf(scenario, anyPath(scenario, 3, 12), bed);
    expect(told.copies).toHaveLength(1);
    expect(told.copies[0]?.addresses).toEqual(['k', 'u']);
    expect(told.copies[0]?.colour).toBeUndefined();
    const sets = told.addresses.map(({ data }) => data?.set);
    expect(new Set(sets).size).toBe(1);
  }
});

test('example addresses have the colours of the model, their bits the width of an address', () => {
  const wrong: string[] = [];
  for (const bed of allBeds) {
    for (const program of coherenceScenarios) {
      for (const remedy of ['none', 'congruent'] as const) {
        const options = { model: bed.model, remedy };
        const scenario = compileScenario(program, options);
        const initial = scenario.system.fields.map((field) => field.init);
        const told = filmOf(scenario, { initial, steps: [] }, bed);
        const colours = new Map(
          mappingKeys(program, options).map((k) => [`mapping:${k.mapping.name}`, k.colour]),
        );
        if (told.addresses.some((one) => !isRight(told, one, colours.get(one.mapping)))) {
          wrong.push(`${program.name} on ${bed.id} with ${remedy}`);
        }
        if (new Set(told.addresses.map((one) => one.virtual)).size < told.addresses.length) {
          wrong.push(`${program.name} on ${bed.id}: one address for two mappings`);
        }
      }
    }
  }
  expect(wrong).toEqual([]);
});

function isRight(
  { geometry: { pageBytes, addressBits } }: Film,
  { virtual, physical, data }: Film['addresses'][number],
  colour: number | undefined,
): boolean {
  if (virtual % pageBytes !== physical % pageBytes) return false;
  if (!data) return true;
  const isWhole = (bits: typeof data.virtual, address: number) =>
    bits.reduce((sum, one) => sum + one.bits, 0) === addressBits &&
    bits.reduce((sum, { low, value }) => sum + value * 2 ** low, 0) === address;
  return (
    (data.colour === undefined || data.colour === colour) &&
    isWhole(data.virtual, virtual) &&
    isWhole(data.physical, physical)
  );
}

test('set and colour are those of the hardware, and the bits of the index say the set', () => {
  for (const machine of machines.filter(({ arch }) => arch !== 'parisc')) {
    const { dcache, pageBytes } = machine;
    if (!dcache) continue;
    const bed = bedOf(machine);
    const scenario = scenarioOf(catalogued('coherence/CoWR+k+u+other'), bed);
    const told = filmOf(scenario, anyPath(scenario, 1, 1), bed);
    for (const { virtual, physical, data } of told.addresses) {
      if (!data) throw new Error('a lookup');
      const isVirtual = told.geometry.data?.indexedBy === 'virtual';
      const used = vaddr(isVirtual ? virtual : physical);
      expect(data.set).toBe(setIndexOf(dcache, used));
      if (data.colour !== undefined) expect(data.colour).toBe(colourOf(dcache, pageBytes, used));
      const bits = isVirtual ? data.virtual : data.physical;
      const index = bits.find(({ name }) => name === 'index');
      const colour = bits.find(({ name }) => name === 'colour');
      const sets = (index?.value ?? 0) + (colour?.value ?? 0) * 2 ** (index?.bits ?? 0);
      expect([machine.id, sets]).toEqual([machine.id, data.set]);
    }
  }
});

test('actors: threads, caches of each CPU, power; a fetch has a cache of its own', () => {
  const fetches = film('icache/IF+k+u+flush-k+other', 'arm926ej-s');
  expect(fetches.actors.map(({ key }) => key)).toEqual(['thread:P0', 'cache:0', 'icache:0']);
  expect(fetches.copies.map(({ cache }) => cache)).toContain('fetch');
  expect(fetches.geometry.fetch).toMatchObject({ kind: 'vivt', sizeBytes: 16384 });
  const crash = film('persistence/P+MP+anywhere', 'skylake');
  expect(crash.actors.map(({ key }) => key)).toContain('power');
  expect(crash.steps.filter(({ actor }) => actor === 'power')).toHaveLength(1);
  expect(crash.frames.at(-1)?.crashed).toBe(true);
  const stuck = film('locks/LK+deadlock', 'skylake');
  expect(stuck.steps.at(-1)?.actor).toBe('waiting');
  expect(stuck.frames.at(-1)?.locks).toMatchObject([
    { name: 'a', state: 'held', holder: 'P0' },
    { name: 'b', state: 'held', holder: 'P1' },
  ]);
  expect(stuck.mappings.map(({ used }) => used)).toEqual([false]);
});

test('where no cache is modelled there are no copies, and the film says so', () => {
  const machine = machines.find(({ dcache }) => dcache === undefined);
  if (!machine) throw new Error('a machine without a data cache');
  const bed = bedOf(machine);
  const scenario = scenarioOf(catalogued('coherence/CoWR+k+u+other'), bed);
  const told = filmOf(scenario, anyPath(scenario, 1, 5), bed);
  expect(told.copies).toEqual([]);
  expect(told.geometry.data).toBeUndefined();
  expect(told.notes.join(' ')).toContain('No data cache is modelled');
  expect(told.frames.at(-1)?.memory.map(({ old }) => old)).toEqual([[false]]);
});
