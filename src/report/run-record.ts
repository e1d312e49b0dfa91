// The JSON form of `dachs run`.

import { at } from '../base/index.ts';
import type { Setting, TestGroup } from '../verdict/index.ts';
import { groupName, locationHerd, questionHerd, type ToldTest } from './herd-text.ts';
import { form } from './records.ts';

/** Every test with its outcomes: one entry for each group of settings. */
export function runRecord(tests: readonly ToldTest[]) {
  return form('run', {
    tests: tests.map((told) => {
      const { verdict, question, hash } = told;
      return {
        name: verdict.name,
        question: questionHerd(question),
        hash,
        systems: verdict.systems,
        asExpected: verdict.groups.every((g) => g.unexpected.length === 0),
        groups: verdict.groups.map((g) => ({ name: groupName(verdict, g), ...groupRecord(g) })),
        notChecked: verdict.notChecked.map(({ setting, why }) => ({
          ...settingRecord(setting),
          why,
        })),
      };
    }),
  });
}

function groupRecord({ settings, outcome, unexpected, unstated }: TestGroup) {
  const { observation, positive, negative, ok, states, transitions, depth } = outcome;
  return {
    settings: settings.map(settingRecord),
    observation,
    ok: ok ?? null,
    positive,
    negative,
    ends: outcome.ends.map((end) => ({
      values: Object.fromEntries(
        outcome.locations.map((l, i) => [locationHerd(l), at(end.values, i)]),
      ),
      positive: end.positive,
      deadlock: end.deadlock,
    })),
    states,
    transitions,
    depth,
    bound: outcome.bound ?? null,
    witness: outcome.witness ?? null,
    unexpected: unexpected.map(({ setting, expected }) => ({
      ...settingRecord(setting),
      expected,
    })),
    unstated: unstated.map(settingRecord),
  };
}

function settingRecord({ bed, kernel, remedy }: Setting) {
  return {
    on: bed.id,
    kind: bed.machine ? ('machine' as const) : ('cache' as const),
    kernel: kernel?.id ?? null,
    remedy,
  };
}
