// Films of a kernel that runs: lines and addresses as its witness names them, numbers of its own.

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { namedKernels } from '../host/index.ts';
import { type LitmusTest, parseLitmus } from '../litmus/index.ts';
import { filmOf } from './film.ts';
import { bedNamed, scenarioOf, shortest } from './test-film.ts';

/** A test of the catalogue, `shelf/NAME`. */
function catalogued(name: string): LitmusTest {
  const url = new URL(`../../catalogue/${name}.litmus`, import.meta.url);
  const parsed = parseLitmus(readFileSync(url, 'utf8'), name);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.test;
}

function film(name: string, id: string) {
  const bed = bedNamed(id);
  const kernels = namedKernels();
  const kernel = kernels.ok ? kernels.value.find((one) => one.id === '6.12') : undefined;
  const scenario = scenarioOf(catalogued(name), bed, kernel);
  return filmOf(scenario, shortest(scenario), bed);
}

describe('a stale load after write() on a kernel that runs', () => {
  const told = film('paths/CoRR+u+write+u', 'arm1176-32k');

  test('has the changes of its witness in its frames', () => {
    for (const [i, { changes }] of told.witness.steps.entries()) {
      for (const { kind, what, from, to } of changes) {
        if (kind !== 'copy') continue;
        const index = told.copies.findIndex(({ name }) => name === what);
        const texts = [i, i + 1].map((n) => {
          const copy = told.frames[n]?.copies[index];
          return copy && [copy.state, ...copy.values].join(' ');
        });
        expect(texts).toEqual([from, to]);
        expect(told.steps[i]?.changed).toContain(told.copies[index]?.key);
      }
    }
    expect(told.frames).toHaveLength(told.witness.steps.length + 1);
  });

  test('names lines and addresses as the witness does', () => {
    expect(told.lines.map(({ name }) => name)).toEqual(['x']);
    expect(told.mappings.map(({ name }) => name).sort()).toEqual(['a mapping', 'the kernel', 'u']);
    expect(told.mappings.map(({ place }) => place).sort()).toEqual(['linear', 'user', 'window']);
  });

  test('puts the two copies where the addresses of that kernel put them', () => {
    const [a, b] = told.copies;
    expect(a?.line).toBe(b?.line);
    expect(a?.set).not.toBe(b?.set);
    expect(a?.colour).not.toBe(b?.colour);
    for (const { virtual, physical, data } of told.addresses) {
      expect(virtual % 4096).toBe(physical % 4096);
      const sum = data?.virtual.reduce((all, { low, value }) => all + value * 2 ** low, 0);
      expect(sum).toBe(virtual);
      expect(data?.set).toBe(Math.floor(virtual / 32) % 256);
    }
  });

  test('says what it does not show, and has no registers', () => {
    expect(told.frames[0]?.registers).toEqual([]);
    expect(told.notes.join(' ')).toContain('Registers of its threads are not shown');
    expect(told.notes.join(' ')).toContain('memory of the device at 4 GiB on every machine');
    expect(told.holds).toBe(true);
  });

  test('the last step hits an old copy, and says what it takes', () => {
    const { read } = told.steps.at(-1) ?? {};
    expect(read).toMatchObject({ isHit: true, value: '0', old: true, thread: 'P0' });
    expect(told.copies.map(({ key }) => key)).toContain(read?.copy);
    expect(read?.register).toBeUndefined();
  });
});

test('a line that moves between page frames is shown in each, locks with who holds them', () => {
  const told = film('s_dax/SDAX+R1+D0', 'skylake');
  expect(told.lines.length).toBeGreaterThan(1);
  expect(new Set(told.lines.map(({ name }) => name))).toEqual(new Set(['x']));
  const keys = told.frames[0]?.memory.map(({ key }) => key) ?? [];
  expect(new Set(keys).size).toBe(told.lines.length);
  expect(keys).toContain('memory:x');
  expect(told.frames[0]?.memory.map(({ line }) => line)).toEqual(told.lines.map(({ key }) => key));
  const states = told.frames.flatMap(({ locks }) => locks.map(({ state }) => state));
  expect(new Set(states)).toEqual(new Set(['free', 'held', 'shared']));
  // What the witness says of it has the names of the test.
  expect(told.witness.why.join(' ')).not.toContain('of page');
});
