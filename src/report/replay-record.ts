// The JSON form of `dachs replay`.

import { at } from '../base/index.ts';
import { type ScenarioResult, type StepResult, agrees } from '../replay/index.ts';
import { form } from './records.ts';
import { replayTotals } from './replay-text.ts';

/** Every scenario, with each step that does not agree, and the sums of the closing line. */
export function replayRecord(results: readonly ScenarioResult[]) {
  return form('replay', {
    totals: replayTotals(results),
    scenarios: results.map((result) => ({
      id: result.scenario.id,
      kernel: result.scenario.kernel,
      gate: result.scenario.gate,
      group: result.scenario.group,
      release: result.bed?.release ?? null,
      machine: result.bed?.machine ?? null,
      agrees: agrees(result),
      leftovers: result.leftovers,
      steps: result.steps.length,
      agreeingSteps: result.steps.filter(({ kind }) => kind === 'agrees').length,
      others: result.steps
        .filter(({ kind }) => kind !== 'agrees')
        .map((s) => stepRecord(result, s)),
    })),
  });
}

function stepRecord({ scenario }: ScenarioResult, step: StepResult) {
  const { op, args, expect } = at(scenario.steps, step.index);
  const differs = step.kind === 'differs' ? step : undefined;
  return {
    step: step.index + 1,
    op,
    args,
    kind: step.kind,
    recorded: expect ?? null,
    model: differs?.outcome ?? null,
    keys: differs?.differences.map(({ key }) => key) ?? [],
    copies: differs?.copies ?? [],
    why: step.kind === 'not-held' || step.kind === 'not-checked' ? step.why : null,
  };
}
