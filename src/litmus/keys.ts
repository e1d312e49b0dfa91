// `Key=Value` lines between the name and the init block.

import { machineById, machines } from '../hw/index.ts';
import type { Key, LitmusFile } from './ast.ts';
import { suggestion } from './nearest.ts';
import type { Reporter } from './reporter.ts';
import { remedyNames } from './result.ts';

/** What the keys say to Dachs; keys for readers alone are in `others`. */
export interface Keys {
  /** `Bound=`: states of one search, at most. */
  readonly bound?: number;
  /**
   * `Machines=`: what a test on a running kernel is run on where no machine is named. It may stand
   * on several lines.
   */
  readonly machines?: readonly string[];
  /** `Remedy=`: what the kernel does beside the program, as after `--remedy`. */
  readonly remedy?: string;
  readonly others: ReadonlyMap<string, string>;
}

/** Every key, with its meaning. */
export const keyNames: ReadonlyMap<string, string> = new Map([
  ['Bound', 'states of one search, at most'],
  ['Machines', 'machines that a test on a running kernel is run on where none is named'],
  ['Remedy', 'the remedy that the test is run with, as after --remedy'],
  ['Author', 'who wrote the test'],
  ['Date', 'when it was written'],
  ['Note', 'anything else, for readers'],
]);

/** Reads the keys of a file. */
export function readKeys({ keys }: LitmusFile, reporter: Reporter): Keys {
  const others = new Map<string, string>();
  const seen = new Set<string>();
  let bound: number | undefined;
  let remedy: string | undefined;
  let named: readonly string[] | undefined;
  for (const key of keys) {
    const name = key.key.text;
    const isList = name === 'Machines';
    if (seen.has(name) && !isList)
      reporter.add(key, `the key ${name} stands twice`, 'take one away');
    seen.add(name);
    if (!keyNames.has(name)) {
      const hint = suggestion(name, keyNames.keys(), 'keys');
      reporter.add(key, `there is no key ${name}`, hint);
    } else if (name === 'Bound') bound = readBound(key, reporter);
    else if (isList) named = [...(named ?? []), ...readMachines(key, reporter)];
    else if (name === 'Remedy') remedy = readRemedy(key, reporter);
    else others.set(name, key.value.text);
  }
  return {
    ...(bound === undefined ? {} : { bound }),
    ...(named === undefined ? {} : { machines: named }),
    ...(remedy === undefined ? {} : { remedy }),
    others,
  };
}

function readBound({ value }: Key, reporter: Reporter): number | undefined {
  if (/^[1-9]\d{0,9}$/.test(value.text)) return Number(value.text);
  reporter.add(value, `Bound=${value.text} is no number of states`, 'e.g. Bound=1000000');
  return undefined;
}

function readMachines({ value }: Key, reporter: Reporter): readonly string[] {
  const words = value.text.split(',').map((word) => word.trim());
  const stranger = words.find((word) => machineById(word) === undefined);
  if (stranger !== undefined) {
    const known = machines.map(({ id }) => id);
    const hint = suggestion(stranger, known, 'machines');
    reporter.add(value, `there is no machine ${stranger}`, hint);
  }
  return words;
}

function readRemedy({ value }: Key, reporter: Reporter): string | undefined {
  const remedy = remedyNames.find((name) => name === value.text);
  if (remedy) return remedy;
  const hint = suggestion(value.text, remedyNames, 'remedies');
  reporter.add(value, `there is no remedy ${value.text}`, hint);
  return undefined;
}
