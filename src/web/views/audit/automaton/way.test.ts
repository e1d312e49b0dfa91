// The path of a finding is found in the automaton of its function, by what its notes say.

import { describe, expect, test } from 'vitest';
import { present } from '../../../../base/index.ts';
import { auditFileFrom, type ShownDriver, type ShownFinding } from '../../../../forms/index.ts';
import example from '../example.json' with { type: 'json' };
import { graphOf } from './graph.ts';
import { drawingOf } from './layout.ts';
import { toldBy } from './notes.ts';
import { wayOf } from './way.ts';

const file = auditFileFrom(JSON.stringify(example), 'example');
const run = present(file.ok ? file.value.runs[0] : undefined, 'run');
const driver: ShownDriver = present(run.attach?.drivers[0], 'driver');

function finding(line: number): ShownFinding {
  const found = run.findings.find(({ place, paths }) => place?.line === line && paths.length > 0);
  return present(found, `finding at line ${line}`);
}

function eventsOf(one: ShownFinding): readonly string[] {
  const way = present(wayOf(driver.learnt, one.paths[0] ?? []), 'way');
  expect(way.missed).toEqual([]);
  return way.steps.map(({ node, outcome = '' }) => {
    const here = driver.learnt.nodes[node];
    const name = here?.kind === 'call' ? here.function : (here?.kind ?? 'cut');
    return outcome === '' || outcome === 'ok' ? name : `${name} ${outcome}`;
  });
}

describe('ways', () => {
  test('from the start to the failing call, and on to the end it comes to', () => {
    expect(eventsOf(finding(29))).toEqual([
      'devm_kzalloc',
      'devm_namespace_enable',
      'blk_alloc_disk',
      'store',
      'set_capacity',
      'devm_init_badblocks',
      'alloc_dax',
      'question no',
      'dax_add_host error',
      'kill_dax',
      'put_dax',
      'put_disk',
      'failed',
    ]);
  });

  test('another finding of the same function has another way', () => {
    const events = eventsOf(finding(18));
    expect(events.at(-2)).toBe('devm_init_badblocks error');
    expect(events).not.toContain('alloc_dax');
  });

  test('a path of which the automaton knows nothing has none', () => {
    const path = [{ place: { file: 'a.c', line: 1 }, message: 'other()' }];
    expect(wayOf(driver.learnt, path)).toBeUndefined();
  });

  test('a step that is met nowhere is told as missed, the rest is marked', () => {
    const path = finding(29).paths[0] ?? [];
    const stranger = { place: { file: 'a.c', line: 1 }, message: 'other() fails' };
    const way = wayOf(driver.learnt, [path[0] ?? stranger, stranger, ...path.slice(1)]);
    expect(way?.missed).toEqual([1]);
    expect(way?.steps).toHaveLength(13);
  });
});

test.each([
  ['alloc_dax()', { kind: 'call', function: 'alloc_dax', result: 'ok' }],
  ['x() fails', { kind: 'call', function: 'x', result: 'error' }],
  ['x() gives NULL', { kind: 'call', function: 'x', result: 'NULL' }],
  ['x() gives -EIO, and the attach goes on', { kind: 'call', function: 'x', result: '-EIO' }],
  ['x() is given NULL: nothing happens', { kind: 'call', function: 'x', result: 'ok' }],
  ['x() may fail here', { kind: 'call', function: 'x', result: 'error' }],
  ["'a == 1' does not hold", { kind: 'question', text: 'a == 1', yes: false }],
  ['s->d is set, though to no object', { kind: 'store', field: 's->d' }],
  ['F is announced', { kind: 'flag', flag: 'F' }],
  ['return rc', { kind: 'return', text: 'return rc' }],
  ['by intent: it is so', undefined],
])('the note %s', (message, told) => {
  expect(toldBy(message)).toEqual(told);
});

describe('the drawing', () => {
  const given = { of: finding(29), path: 0 };

  test('is the same each time, and nothing in it overlaps', () => {
    const drawing = present(drawingOf(graphOf(driver, 'all', given)), 'drawing');
    expect(drawingOf(graphOf(driver, 'all', given))).toEqual(drawing);
    for (const [i, a] of drawing.states.entries()) {
      for (const b of drawing.states.slice(i + 1)) {
        const isApart =
          Math.abs(a.x - b.x) >= (a.width + b.width) / 2 ||
          Math.abs(a.y - b.y) >= (a.height + b.height) / 2;
        expect(isApart, `${a.title} and ${b.title}`).toBe(true);
      }
    }
  });

  test('around the path has its steps and what follows each, no more', () => {
    const all = graphOf(driver, 'all', given);
    const part = graphOf(driver, 'way', given);
    expect(part.way).toEqual(all.way);
    expect(part.states.length).toBeLessThan(all.states.length);
    expect(part.edges.filter(({ isOnWay }) => isOnWay)).toHaveLength(all.way.length - 1);
  });

  test('marks where tree and model find the same, and what the tree has alone', () => {
    const { edges, states } = graphOf(driver, 'all');
    const words = (title: string) =>
      edges
        .filter(({ from }) => states.find(({ id }) => id === from)?.title === title)
        .map((edge) => edge.words);
    expect(words('devm_init_badblocks()')).toEqual(['ok', 'fails [=]']);
    expect(words('dax_add_host()')).toEqual(['ok', 'fails [+]']);
  });

  test('an automaton of many states is not drawn', () => {
    const at = { file: 'a.c', line: 1 };
    const nodes = Array.from({ length: 500 }, (_, i) => {
      return { kind: 'flag', flag: `F${i}`, at, next: i + 1 } as const;
    });
    const large = { ...driver, learnt: { ...driver.learnt, nodes } };
    expect(drawingOf(graphOf(large, 'all'))).toBeUndefined();
  });
});
