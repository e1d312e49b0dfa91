// A path as a list of program steps, each with what the newest stored value of its cell was.

import { at, present } from '../base/index.ts';
import type { Path } from '../explore/index.ts';
import { valueIn } from '../ir/index.ts';
import type { AccessStep, Step } from '../litmus/index.ts';
import { type Scenario, valueExpr } from '../scenario/index.ts';

/** One step of the program within a path. */
export interface Moment {
  /** Number of the step within the path. */
  readonly index: number;
  readonly thread: { readonly name: string; readonly cpu: number };
  readonly step: Step;
  readonly before: readonly number[];
  readonly after: readonly number[];
  /** For an access: what the last store to its cell wrote, by whatever address; raw bits. */
  readonly newest: number | undefined;
}

/** The newest value of every cell at the end of a path, by `line[cell]`, and the steps before. */
export interface History {
  readonly moments: readonly Moment[];
  readonly newest: ReadonlyMap<string, number>;
}

/** Follows the stores of a path. */
export function historyOf(scenario: Scenario, path: Path): History {
  const newest = new Map<string, number>();
  for (const [line, cells] of scenario.names.memory) {
    cells.forEach((field, cell) => newest.set(`${line}[${cell}]`, at(path.initial, field)));
  }
  const moments: Moment[] = [];
  path.steps.forEach(({ action, state }, index) => {
    const { id } = present(scenario.system.actions[action], 'action of a path');
    const position = scenario.positions.get(id);
    if (!position) return;
    const { name, cpu = 0 } = present(scenario.program.threads[position.thread], 'thread');
    const { step } = present(scenario.ops[position.thread]?.[position.step], `step ${id}`);
    const before = index === 0 ? path.initial : at(path.steps, index - 1).state;
    const place = isAccess(step) ? `${step.line}[${step.cell}]` : undefined;
    const known = place === undefined ? undefined : newest.get(place);
    moments.push({ index, thread: { name, cpu }, step, before, after: state, newest: known });
    if (place !== undefined && (step.kind === 'store' || step.kind === 'exchange')) {
      newest.set(place, valueIn(valueExpr(scenario.names, name, step.value), before));
    }
  });
  return { moments, newest };
}

/** Whether a step loads or stores a cell. */
export function isAccess(step: Step): step is AccessStep {
  return (
    step.kind === 'load' ||
    step.kind === 'store' ||
    step.kind === 'exchange' ||
    step.kind === 'fetch'
  );
}
