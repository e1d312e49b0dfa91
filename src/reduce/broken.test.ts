// Each rule of a reduction, broken on purpose, gives other outcomes than plain enumeration on some
// small program; the rule as it is gives the same on all of them.

import { describe, expect, test } from 'vitest';
import { at } from '../base/index.ts';
import { explore } from '../explore/index.ts';
import type { Expr, TransitionSystem } from '../ir/index.ts';
import type { Program, Step } from '../litmus/index.ts';
import { compileScenario, type Scenario, scenarioByName } from '../scenario/index.ts';
import { alike, coloured, twoByTwo, twoColours } from '../../test/reduce-models.ts';
import { type Bits, bits, NONE } from './bits.ts';
import { withoutCleanCopies } from './clean.ts';
import { askedFields, type Control, controlOf } from './control.ts';
import { conjuncts, readsOf } from './footprint.ts';
import { type ControlChoice, reduceByControl } from './guards.ts';
import { idleRule } from './idle.ts';
import { type Needs, needsOf } from './needs.ts';
import { persistentSets } from './persistent.ts';
import { reduce } from './reduce.ts';
import { firstStage } from './stage.ts';
import { provenSymmetry } from './symmetry.ts';

/** What one variant of a reduction finds in place of the outcomes. */
type Variant = (scenario: Scenario) => unknown;

/** A copy of U that was filled before U went out of reach is stale when it is back. */
const unmapped: Program = (() => {
  const program = coloured('unmapped', ['y0=1 y1']);
  const [thread] = program.threads;
  const [store, load] = thread?.steps ?? [];
  if (!thread || !store || !load) throw new Error('a thread of two steps');
  const away: Step = { kind: 'unmap', mapping: 'U', says: 'U is taken away' };
  const back: Step = { kind: 'map', mapping: 'U', says: 'U is back' };
  const flush: Step = { kind: 'flush', mapping: 'K', line: 'y', says: 'K is flushed' };
  return { ...program, threads: [{ ...thread, steps: [away, store, flush, back, load] }] };
})();

/** Who loads first sees 0, the other one may see 1. */
const first = coloured('first', ['x0 x0=1', 'x0 x0=1']);

const scenarios: readonly Scenario[] = [
  scenarioByName('L3'),
  scenarioByName('L4'),
  scenarioByName('L5'),
  twoByTwo,
  alike,
  first,
  unmapped,
].map((program) => {
  if (!program) throw new Error('a scenario');
  return compileScenario(program, { model: twoColours, remedy: 'none' });
});

/** Names of the programs on which the variant differs from plain enumeration. */
function caughtBy(variant: Variant): readonly string[] {
  return scenarios
    .filter((scenario) => {
      const plain = explore(scenario.system, scenario.question).ends;
      return JSON.stringify(variant(scenario)) !== JSON.stringify(plain);
    })
    .map(({ program }) => program.name);
}

const ends = (system: TransitionSystem, question: Expr): unknown => explore(system, question).ends;

interface Parts {
  readonly control: Control;
  readonly needs: Needs;
}

function partsOf({ names, system, question }: Scenario): Parts {
  const control = controlOf(system, [
    ...names.counters,
    ...names.reach.values(),
    ...(names.deadlock === undefined ? [] : [names.deadlock]),
  ]);
  if (!control) throw new Error('a control graph');
  return { control, needs: needsOf(control, askedFields(system, readsOf(question))) };
}

const off: ControlChoice = { live: false, dead: false, taken: undefined, idle: undefined };

/** The reductions on control, with parts changed. */
function byControl(
  choice: Partial<ControlChoice>,
  change: (parts: Parts, scenario: Scenario) => Parts = (parts) => parts,
): Variant {
  return (scenario) => {
    const { control, needs } = change(partsOf(scenario), scenario);
    const system = reduceByControl(control, needs, { ...off, ...choice });
    return ends(system, scenario.question);
  };
}

/** Persistent sets that were made from changed parts. */
function commuting(change: (parts: Parts) => Parts): Variant {
  return (scenario) => {
    const { control, needs } = partsOf(scenario);
    const changed = change({ control, needs });
    const taken = persistentSets(changed.control, changed.needs, undefined);
    return ends(reduceByControl(control, needs, { ...off, taken }), scenario.question);
  };
}

const dataOf = ({ names }: Scenario): Bits =>
  bits([
    ...[...names.memory.values()].flat(),
    ...names.copies.flatMap((copy) => [copy.state, ...copy.cells]),
  ]);

const without =
  (set: Bits): ((needs: readonly Bits[]) => readonly Bits[]) =>
  (needs) =>
    needs.map((needed) => needed & ~set);

describe('as they are, the rules keep the outcomes of every program', () => {
  test.each<[string, Variant]>([
    ['live', byControl({ live: true })],
    ['dead', byControl({ dead: true })],
    ['commute', commuting((parts) => parts)],
    [
      'idle',
      (scenario) => {
        const { control, needs } = partsOf(scenario);
        const idle = idleRule(scenario, firstStage(scenario, scenario.system), control);
        return ends(reduceByControl(control, needs, { ...off, idle }), scenario.question);
      },
    ],
    [
      'clean',
      (scenario) => {
        const system = withoutCleanCopies(scenario, scenario.system)?.system;
        return system && ends(system, scenario.question);
      },
    ],
    [
      'symmetry',
      (scenario) => {
        const { system, question, endsOf } = reduce(scenario, ['symmetry']);
        return endsOf(explore(system, question).ends);
      },
    ],
    [
      'settle',
      (scenario) => {
        const { system, question } = reduce(scenario, ['settle', 'live', 'dead']);
        return ends(system, question);
      },
    ],
  ])('%s', (_, variant) => {
    expect(caughtBy(variant)).toEqual([]);
  });
});

describe('a broken rule is caught', () => {
  test('live: as if nobody would read memory or a copy again', () => {
    const broken = byControl({ live: true }, ({ control, needs }, scenario) => ({
      control,
      needs: { ...needs, ever: needs.ever.map((needed) => needed & ~dataOf(scenario)) },
    }));
    expect(caughtBy(broken)).toContain('L4');
    expect(caughtBy(broken)).toContain('two-by-two');
  });

  test('live: as if the next step had been taken', () => {
    const broken = byControl({ live: true }, ({ control, needs }) => ({
      control,
      needs: {
        ...needs,
        ever: control.nodes.map(({ edges }, node) =>
          edges.reduce((set, { to }) => set & at(needs.ever, to), at(needs.ever, node)),
        ),
      },
    }));
    expect(caughtBy(broken)).toContain('two-by-two');
  });

  test('dead: as if nobody asked for anything at the end', () => {
    const broken = byControl({ dead: true }, ({ control }) => ({
      control,
      needs: needsOf(control, NONE),
    }));
    expect(caughtBy(broken)).toContain('L3');
    expect(caughtBy(broken)).toContain('L5');
  });

  test('dead: copies are taken for dead', () => {
    const broken = byControl({ dead: true }, ({ control, needs }, { names }) => ({
      control,
      needs: { ...needs, now: without(bits(names.copies.flatMap((c) => c.cells)))(needs.now) },
    }));
    expect(caughtBy(broken)).toContain('L3');
  });

  test('commute: conflicts on data are overlooked', () => {
    const broken = commuting(({ control, needs }) => ({
      control,
      needs: { ...needs, ever: needs.ever.map((needed) => needed & control.fieldSet) },
    }));
    expect(caughtBy(broken)).toContain('two-by-two');
  });

  test('commute: what conflicts later is forgotten', () => {
    const broken = commuting(({ control, needs }) => ({
      control: { ...control, future: control.nodes.map(({ possible }) => possible) },
      needs,
    }));
    expect(caughtBy(broken)).toContain('two-by-two');
  });

  test('commute: nothing is waited for that could enable an action', () => {
    const broken = commuting(({ control, needs }) => {
      // Actions that write nothing enable nothing.
      const idle = control.system.actions.map((action) => ({ ...action, updates: [] }));
      return { control: { ...control, system: { ...control.system, actions: idle } }, needs };
    });
    expect(caughtBy(broken)).toContain('two-by-two');
  });

  test('idle: as if nobody used any copy', () => {
    const broken: Variant = (scenario) => {
      const { control, needs } = partsOf(scenario);
      const stage = firstStage(scenario, scenario.system);
      const origins = new Map(scenario.system.actions.map(({ id }) => [id, 'nobody']));
      const idle = idleRule(scenario, { ...stage, origins }, control);
      return ends(reduceByControl(control, needs, { ...off, idle }), scenario.question);
    };
    expect(caughtBy(broken)).toContain('L3');
  });

  test('clean: no copy is filled before memory changes', () => {
    expect(caughtBy(quotient((id) => !id.includes('~')))).toContain('L3');
  });

  test('clean: no copy is filled before its address goes out of reach', () => {
    expect(caughtBy(quotient((id) => !id.startsWith('P0.0~')))).toEqual(['unmapped']);
  });

  test('symmetry: the exchanged outcomes are not given back', () => {
    const broken: Variant = (scenario) => {
      const { system } = reduce(scenario, ['symmetry']);
      return ends(system, scenario.question);
    };
    expect(caughtBy(broken)).toEqual(['first']);
  });

  test('symmetry: an exchange of threads that differ is not proved', () => {
    const [scenario] = scenarios.slice(3);
    if (!scenario) throw new Error('a scenario');
    const { names, system } = scenario;
    const [a = 0, b = 0] = names.counters;
    const swapped = system.fields.map((_, i) => (i === a ? b : i === b ? a : i));
    expect(provenSymmetry(system, swapped)).toBeUndefined();
    expect(
      provenSymmetry(
        system,
        system.fields.map((_, i) => i),
      ),
    ).toBeDefined();
  });

  test('settle: lines that are asked about need not be written back either', () => {
    const broken: Variant = ({ system, names, question }) => {
      const states = bits(names.copies.map((copy) => copy.state));
      const kept = conjuncts(system.isEnd).filter((e) => (readsOf(e) & states) === NONE);
      const isEnd = kept.reduce((a, b): Expr => ({ op: 'and', a, b }));
      return ends({ ...system, isEnd }, question);
    };
    expect(caughtBy(broken)).toContain('L5');
  });
});

function quotient(keeps: (id: string) => boolean): Variant {
  return (scenario) => {
    const system = withoutCleanCopies(scenario, scenario.system)?.system;
    if (!system) throw new Error('a quotient');
    const actions = system.actions.filter(({ id }) => keeps(id));
    return ends({ ...system, actions }, scenario.question);
  };
}
