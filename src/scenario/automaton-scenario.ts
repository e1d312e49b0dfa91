// A closed scene as the record that reductions, exports and verdicts take: its transition system
// with names, the step behind each action, and a question about its ends.

import { at, never } from '../base/index.ts';
import { constant, eq, type Expr, fieldAt, ite, table } from '../ir/index.ts';
import type { Step } from '../litmus/index.ts';
import type { Position } from './actions.ts';
import { mappingName } from './automaton-fields.ts';
import { entriesOf } from './automaton-reach.ts';
import type { Visible } from './automaton-run.ts';
import type { ClosedScene, SceneEnd } from './automaton-search.ts';
import type { SceneSystem } from './automaton-system.ts';
import { genericModel } from './cache-model.ts';
import { visibleText } from './automaton-texts.ts';
import type { Scenario } from './compile.ts';
import type { Op } from './flow.ts';

/**
 * The scene as a scenario with `question`, an expression over its fields (`endQuestion`). Ids of
 * actions are those of the scene. Steps without an equivalent in litmus programs are marks.
 */
export function sceneAsScenario(closed: SceneSystem, question: Expr): Scenario {
  const { system, automata, counters, locks, cells } = closed;
  const { ops, positions } = operations(closed);
  const control = [...cells.values()].map(({ field }) => field);
  const tables = new Map(
    [...closed.names.keys.keys()].map((name) => [name, entriesOf(automata, cells, name)] as const),
  );
  const names = { ...closed.names, fields: system.fields, counters, locks, control, tables };
  const model =
    automata.scene.memory?.model ??
    genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' });
  return {
    program: names.program,
    options: { model, remedy: 'none' },
    system,
    question,
    names,
    ops,
    positions,
  };
}

// The operation of a place has its number. An access that is not the first step of an action has
// one behind the last place.
function operations(closed: SceneSystem): Pick<Scenario, 'ops' | 'positions'> {
  const positions = new Map<string, Position>();
  const ops = closed.places.map((places, thread) =>
    places.map(({ visible }, i): Op => ({ step: stepOf(closed, thread, visible), next: i + 1 })),
  );
  for (const [id, { thread, place, visibles }] of closed.steps) {
    const own = at(ops, thread);
    const access = visibles.findIndex((one) => isAccess(one));
    if (access <= 0) {
      positions.set(id, { thread, step: place });
      continue;
    }
    positions.set(id, { thread, step: own.length });
    // Whoever wants to tell a thread that has started by its operations cannot here.
    const next = place === 0 ? 0 : place + 1;
    own.push({ step: stepOf(closed, thread, at(visibles, access)), next });
  }
  return { ops, positions };
}

function isAccess({ kind }: Visible): boolean {
  return kind === 'load' || kind === 'store' || kind === 'maintain';
}

function stepOf(closed: SceneSystem, thread: number, visible: Visible): Step {
  const says = `${at(closed.automata.scene.threads, thread).name}: ${visibleText(visible)}`;
  if (visible.kind === 'lock' || visible.kind === 'unlock') {
    return { kind: visible.kind, lock: visible.lock, says };
  }
  if (visible.kind !== 'load' && visible.kind !== 'store' && visible.kind !== 'maintain') {
    return { kind: 'mark', says };
  }
  const { tracking } = closed.automata.sharing;
  const { line, cell } = at(tracking.bytes, visible.byte);
  const mapping = mappingName(closed.automata, visible.place, visible.byte);
  switch (visible.kind) {
    case 'load':
      return { kind: 'load', mapping, line, cell, register: 'r', says };
    case 'store': {
      const value = closed.byteValues.indexOf(visible.value);
      return { kind: 'store', mapping, line, cell, value, says };
    }
    case 'maintain':
      if (visible.what === 'flush-all') return { kind: 'mark', says };
      return {
        kind: visible.what === 'persist' ? 'clean' : visible.what,
        mapping,
        line,
        says,
      };
    default:
      return never(visible);
  }
}

/**
 * An expression over the fields of a scene that holds in exactly those of its ends for which
 * `holds` does; `ends` are all of them (`sceneEnds`). In states that are no ends it says nothing.
 */
export function endQuestion(
  { system }: Pick<ClosedScene, 'system'>,
  ends: readonly SceneEnd[],
  holds: (end: SceneEnd) => boolean,
): Expr {
  const points = ends.map((end) => ({ values: end.values, holds: holds(end) }));
  // What need not be known to tell them apart is left out, counters of threads and cells last.
  const places = system.observed.map((_, place) => place);
  const kept = places.reduce((known, place) => {
    const fewer = known.filter((one) => one !== place);
    return tells(points, fewer) ? fewer : known;
  }, places);
  return decide(system.observed, points, kept);
}

interface Point {
  readonly values: readonly number[];
  readonly holds: boolean;
}

function tells(points: readonly Point[], places: readonly number[]): boolean {
  const seen = new Map<string, boolean>();
  return points.every(({ values, holds }) => {
    const key = places.map((place) => at(values, place)).join();
    const before = seen.get(key);
    seen.set(key, holds);
    return before === undefined || before === holds;
  });
}

function decide(
  observed: readonly number[],
  points: readonly Point[],
  places: readonly number[],
): Expr {
  const [first] = points;
  if (first === undefined) return constant(0);
  if (points.every(({ holds }) => holds === first.holds)) return constant(first.holds ? 1 : 0);
  const [place = 0, ...rest] = places;
  const field = fieldAt(at(observed, place));
  const groups = new Map<number, Point[]>();
  for (const point of points) {
    const value = at(point.values, place);
    groups.set(value, [...(groups.get(value) ?? []), point]);
  }
  const parts = [...groups].map(([value, own]) => ({ value, expr: decide(observed, own, rest) }));
  const sure = parts.flatMap(({ value, expr }) =>
    expr.op === 'const' ? [{ value, truth: expr.value }] : [],
  );
  const open = parts.filter(({ expr }) => expr.op !== 'const');
  const truths = Array.from({ length: Math.max(...groups.keys()) + 1 }, () => 0);
  for (const { value, truth } of sure) truths[value] = truth;
  return open.reduce<Expr>(
    (otherwise, { value, expr }) => ite(eq(field, constant(value)), expr, otherwise),
    table(field, truths),
  );
}
