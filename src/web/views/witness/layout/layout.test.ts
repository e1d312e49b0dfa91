// The drawings of a run as data: everything has room, nothing lies on anything else, and what is
// drawn is what the film says.

import { describe, expect, test } from 'vitest';
import { search } from '../../../../explore/index.ts';
import { machineById } from '../../../../hw/index.ts';
import { compileScenario, scenarioByName } from '../../../../scenario/index.ts';
import { type Bed, bedOf, cacheKinds, type Film, filmOf } from '../../../../verdict/index.ts';
import { cachesOf, CELL } from './cache.ts';
import { BAR, rulersOf } from './ruler.ts';
import { MEMORY, movesOf, stageOf } from './stage.ts';
import { countWord, hex, widthOf } from './text.ts';
import { timelineOf } from './timeline.ts';

function bedNamed(id: string): Bed {
  const machine = machineById(id);
  const kind = cacheKinds.find((one) => one.id === id);
  const bed = machine ? bedOf(machine) : kind;
  if (!bed) throw new Error(id);
  return bed;
}

function film(name: string, id: string): Film {
  const bed = bedNamed(id);
  const program = scenarioByName(name);
  if (!program) throw new Error(name);
  const options = { model: bed.model, remedy: 'none', persistence: bed.durability } as const;
  const scenario = compileScenario(program, options);
  const { witness } = search(scenario.system, scenario.question);
  if (!witness) throw new Error(`${name} has no witness on ${id}`);
  return filmOf(scenario, witness, bed);
}

const all = ['arm1176-32k', 'arm926ej-s', 'sh7750/4k', 'pa-8700', 'm68030-wa'].flatMap((id) =>
  ['L1', 'L2', 'L3', 'L4', 'L5', 'L6', 'L9'].flatMap((name) => {
    try {
      return [film(name, id)];
    } catch {
      return [];
    }
  }),
);

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test('there are films to lay out', () => {
  expect(all.length).toBeGreaterThan(25);
});

test('no two boxes of a frame overlap, and none is cut off', () => {
  for (const one of all) {
    for (const at of one.frames.keys()) {
      const stage = stageOf(one, at);
      const { caches, memory, panels, panelLeft, panelWidth } = stage;
      const boxes: Box[] = [
        ...caches.caches.flatMap(({ rows }) =>
          rows.flatMap(({ cells }) =>
            cells.map(({ x, y }) => ({ x, y, width: caches.cellWidth, height: CELL })),
          ),
        ),
        ...memory.map(({ y }) => ({ x: panelLeft, y, width: panelWidth, height: MEMORY })),
        ...panels.flatMap(({ rows }) =>
          rows.map(({ y }) => ({ x: panelLeft, y, width: panelWidth, height: 20 })),
        ),
      ];
      for (const [i, box] of boxes.entries()) {
        expect(box.x + box.width).toBeLessThanOrEqual(stage.width);
        expect(box.y + box.height).toBeLessThanOrEqual(stage.height);
        expect(boxes.slice(i + 1).filter((other) => overlap(box, other))).toEqual([]);
      }
      for (const { labelX, label } of stage.flows) {
        expect(labelX + widthOf(label, 12)).toBeLessThanOrEqual(panelLeft);
      }
    }
  }
});

test('what is written in a box has room there', () => {
  for (const one of all) {
    for (const at of one.frames.keys()) {
      const { caches, cellWidth } = cachesOf(one, at);
      for (const { copy, left, how } of caches.flatMap((c) => c.rows.flatMap((row) => row.cells))) {
        if (copy) {
          const words = `o ${copy.state}${copy.old ? '  old value' : ''}`;
          expect(16 + widthOf(copy.title, 12)).toBeLessThan(cellWidth);
          expect(16 + widthOf(words)).toBeLessThan(cellWidth);
        }
        for (const text of [left, how]) expect(10 + widthOf(text ?? '')).toBeLessThan(cellWidth);
      }
    }
  }
});

describe('two copies of one line', () => {
  test('are joined across sets where they have two colours', () => {
    const one = film('L4', 'sh7750/4k');
    const joined = [...one.frames.keys()].map((at) => cachesOf(one, at).joins);
    const labels = joined.flat().map(({ label }) => label);
    expect(new Set(labels)).toEqual(new Set(['one line of memory, two copies']));
    expect(joined[0]).toEqual([]);
    const [box] = cachesOf(one, 0).caches;
    expect(box?.rows.map(({ label, colour }) => [label, colour])).toEqual([
      ['set 0', 'colour 0'],
      ['set 128', 'colour 1'],
    ]);
    expect(box?.gaps.map(({ text }) => text)).toEqual(['127 more sets', '383 more sets']);
    expect(box?.moreWays).toBeUndefined();
  });

  test('are joined within a set where the cache is VIVT', () => {
    const found = all.filter(({ on }) => on.id === 'arm926ej-s');
    const joins = found.flatMap((one) =>
      [...one.frames.keys()].flatMap((at) => cachesOf(one, at).joins),
    );
    expect(joins.length).toBeGreaterThan(0);
    // A bracket below one row: two levels, the cells' ends and its own.
    for (const { points } of joins) expect(new Set(points.map(([, y]) => y)).size).toBe(2);
    for (const one of found) {
      const [box] = cachesOf(one, 0).caches;
      expect(box?.rows.map(({ cells }) => cells.length)).toEqual([2]);
      expect(box?.moreWays).toBe('and 2 more ways');
    }
  });
});

test('arrows say how a line moves', () => {
  const one = film('L4', 'sh7750/4k');
  const moves = [...one.frames.keys()].map((at) => movesOf(one, at).map(({ kind }) => kind));
  expect(moves[0]).toEqual([]);
  expect(moves.flat().filter((kind) => kind === 'write-back')).toHaveLength(2);
  expect(moves.flat().filter((kind) => kind === 'fill')).toHaveLength(2);
});

test('each step has a mark in the row of its actor', () => {
  for (const one of all) {
    const { rows, marks, width, height } = timelineOf(one);
    expect(marks.map(({ step }) => step)).toEqual(one.steps.map((_, i) => i + 1));
    for (const [i, mark] of marks.entries()) {
      const row = rows.find(({ key }) => key === one.steps[i]?.actor);
      expect(mark.y).toBe(row?.y);
      expect(mark.x + 16).toBeLessThan(width);
      expect(mark.y + 16).toBeLessThan(height);
    }
  }
});

test('the fields of a ruler stand side by side and have room for what they say', () => {
  for (const one of all) {
    const rulers = rulersOf(one, 'data');
    for (const { segments, result } of rulers?.rulers ?? []) {
      let x = rulers?.left ?? 0;
      for (const segment of segments) {
        expect(segment.x).toBe(x);
        expect(widthOf(segment.value) + 6).toBeLessThan(segment.width);
        expect(widthOf(segment.name, 12) + 6).toBeLessThan(segment.width);
        x += segment.width;
      }
      expect(x + 12 + widthOf(result)).toBeLessThanOrEqual(rulers?.width ?? 0);
    }
    const ys = rulers?.rulers.map(({ y }) => y) ?? [];
    expect(ys.slice(1).every((y, i) => y - (ys[i] ?? 0) >= BAR)).toBe(true);
  }
});

test('the colour differs between the two addresses, and is marked', () => {
  const rulers = rulersOf(film('L1', 'arm1176-32k'), 'data');
  const marked = rulers?.rulers.flatMap(({ label, segments }) =>
    segments.flatMap(({ kind, differs }) => (differs ? [`${label} ${kind}`] : [])),
  );
  expect(marked).toEqual(['K, virtual colour', 'U, virtual colour']);
});

test('numbers and words', () => {
  expect(hex(0x1000, 32)).toBe('0x00001000');
  expect([countWord(2), countWord(9)]).toEqual(['two', '9']);
});
