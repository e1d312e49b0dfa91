// A recording as a text: its scenarios, and those of them that somebody asks for.

import { type Problem, type Result, fail, ok } from '../base/index.ts';
import { type RecordedScenario, parseScenario } from './scenario.ts';

/** What is said where nothing at all is in the files that were given. */
export const NO_SCENARIO: Problem = {
  what: 'there is no scenario in what was given',
  hint: 'a recording has one JSON object a line',
};

/**
 * The scenarios of a text that was read from `file`, none where it is blank; the first line that is
 * no scenario is the problem.
 */
export function parseRecording(text: string, file: string): Result<readonly RecordedScenario[]> {
  const scenarios: RecordedScenario[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const scenario = parseScenario(line, `${file}:${index + 1}`);
    if (!scenario.ok) return scenario;
    scenarios.push(scenario.value);
  }
  return ok(scenarios);
}

/** Which scenarios are asked for, as `dachs replay` takes it. */
export interface ScenarioWishes {
  /** A regular expression that is searched for in ids. */
  readonly only?: string | undefined;
  /** Names of groups, comma separated. */
  readonly group?: string | undefined;
}

/** Whether a scenario is asked for; a Problem where the wishes are none. */
export function wantedScenarios({
  only,
  group,
}: ScenarioWishes): Result<(scenario: RecordedScenario) => boolean> {
  const pattern = only === undefined ? ok(undefined) : regularExpression(only);
  if (!pattern.ok) return pattern;
  return ok(
    (scenario) =>
      (pattern.value === undefined || pattern.value.test(scenario.id)) &&
      (group === undefined || group.split(',').includes(scenario.group)),
  );
}

/** The scenarios that are wanted, in their order; a Problem where there are none. */
export function chosenScenarios(
  scenarios: readonly RecordedScenario[],
  wanted: (scenario: RecordedScenario) => boolean,
): Result<readonly RecordedScenario[]> {
  const chosen = scenarios.filter((scenario) => wanted(scenario));
  if (chosen.length > 0) return ok(chosen);
  const what = `none of the ${scenarios.length} scenarios is asked for`;
  return fail({ what, hint: 'look at --only and --group' });
}

/** The `--only` that asks for one id and for no other. */
export function onlyId(id: string): string {
  return `^${id.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`)}$`;
}

function regularExpression(text: string): Result<RegExp> {
  try {
    return ok(new RegExp(text));
  } catch {
    return fail({
      what: `--only '${text}' is no regular expression`,
      hint: 'it is matched against ids, e.g. --only ^coh/ext4',
    });
  }
}
