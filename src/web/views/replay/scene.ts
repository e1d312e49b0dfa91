// A walk through a scenario as the view shows it: every value as text.

import { at } from '../../../base/index.ts';
import {
  differencesOf,
  type RecordedStep,
  type ScenarioWalk,
  type WalkStep,
} from '../../../replay/index.ts';
import { gateText, operationText, recordedGateText, replayWhy } from '../../../report/index.ts';
import type { AnswerRow, Scene, SceneStep } from './asks.ts';

/** The scene of a walk. */
export function sceneOf(walk: ScenarioWalk): Omit<Scene, 'command' | 'text'> {
  const { scenario } = walk.result;
  return {
    id: scenario.id,
    group: scenario.group,
    kernel: scenario.kernel,
    arch: scenario.arch,
    recordedGate: recordedGateText(scenario.gate),
    ...(walk.bed === undefined ? {} : { bed: walk.bed }),
    gateText: walk.bed === undefined ? '' : gateText(walk.bed),
    steps: scenario.steps.map((recorded, index) => stepOf(walk, recorded, index)),
  };
}

function stepOf(walk: ScenarioWalk, recorded: RecordedStep, index: number): SceneStep {
  const result = at(walk.result.steps, index);
  const step = walk.steps[index];
  return {
    kind: result.kind,
    op: recorded.op,
    text: operationText(recorded),
    args: Object.entries(recorded.args).map(([name, value]) => [name, valueText(value)]),
    rows: rowsOf(recorded, step),
    why: replayWhy(walk, index),
    given: step?.given ?? [],
    log: step?.log ?? [],
    ...(step?.state === undefined ? {} : { state: step.state }),
    ...(step?.line === undefined ? {} : { line: step.line }),
  };
}

/** `rc` and `errno` first, then by name: every key that either side has. */
function rowsOf(recorded: RecordedStep, step: WalkStep | undefined): readonly AnswerRow[] {
  const expect = recorded.expect ?? {};
  const outcome = step?.outcome ?? {};
  const known = recorded.expect !== undefined && step?.outcome !== undefined;
  const { held, detail } = differencesOf(recorded, outcome);
  const marks = new Map([
    ...detail.map(({ key }) => [key, 'detail'] as const),
    ...held.map(({ key }) => [key, 'differs'] as const),
  ]);
  const first = (key: string): number => (key === 'rc' ? 0 : key === 'errno' ? 1 : 2);
  return [...new Set([...Object.keys(expect), ...Object.keys(outcome)])]
    .toSorted((a, b) => first(a) - first(b) || (a < b ? -1 : 1))
    .map((key) => {
      const alone = key in expect ? marks.get(key) : (marks.get(key) ?? 'unknown');
      return {
        key,
        ...(key in expect ? { recorded: valueText(expect[key]) } : {}),
        ...(key in outcome ? { model: valueText(outcome[key]) } : {}),
        mark: known ? (alone ?? 'same') : 'unknown',
      };
    });
}

function valueText(value: unknown): string {
  if (Array.isArray(value)) return value.map(String).join(' ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
