// What a test is run on: pickers for machines, kernel and remedy, and the bound of a search.

import { type Choice, Picker } from '../../ui/index.ts';
import type { Choices, RunWords } from './asks.ts';

/** What is picked, and what there is. */
export interface SettingsProps {
  readonly words: RunWords;
  readonly choices: Choices | undefined;
  readonly onPick: (words: Partial<RunWords>) => void;
}

/** Four fields; an empty one leaves the choice to the test. */
export function Settings({ words, choices, onPick }: SettingsProps) {
  const { kernel, remedy, bound } = words;
  return (
    <>
      <Picker
        label="Machines"
        value={machineValue(words)}
        choices={machineChoices(choices, words)}
        onChoose={(value) => {
          const arch = /^arch:(.*)$/.exec(value)?.[1];
          onPick(arch === undefined ? { machine: value, arch: '' } : { machine: '', arch });
        }}
      />
      <Picker
        label="Kernel"
        value={kernel}
        choices={[
          { value: '', label: "the test's own" },
          { value: 'all', label: 'all of the catalogue' },
          ...known(choices?.kernels.toReversed(), kernel, ({ id, title }) => {
            return { value: id, label: title.startsWith(id) ? title : `${id}: ${title}` };
          }),
        ]}
        onChoose={(value) => onPick({ kernel: value })}
      />
      <Picker
        label="Remedy"
        value={remedy}
        choices={[
          { value: '', label: "the test's own" },
          ...known(choices?.remedies, remedy, ({ name, title }) => {
            return { value: name, label: name === title ? name : `${name}: ${title}` };
          }),
        ]}
        onChoose={(value) => onPick({ remedy: value })}
      />
      <label class="picker">
        <span>Bound, states</span>
        <input
          type="text"
          inputMode="numeric"
          size={10}
          placeholder="2000000"
          value={bound}
          onChange={({ currentTarget }) => onPick({ bound: currentTarget.value.trim() })}
        />
      </label>
    </>
  );
}

function machineValue({ machine, arch }: RunWords): string {
  return arch === '' ? machine : machine === '' ? `arch:${arch}` : `${machine} of ${arch}`;
}

function machineChoices(choices: Choices | undefined, words: RunWords): readonly Choice[] {
  const value = machineValue(words);
  const together = 'together';
  const first: readonly Choice[] = [
    { value: '', label: 'all machines and cache kinds', group: together },
    { value: 'machines', label: 'all machines', group: together },
    { value: 'kinds', label: 'all kinds of cache', group: together },
  ];
  if (!choices) return value === '' ? first : [...first, { value, label: value }];
  const { machines, kinds } = choices;
  const archs = [...new Set(machines.map(({ arch }) => arch))];
  const all = [
    ...first,
    ...archs.map((arch) => {
      return { value: `arch:${arch}`, label: `all of ${arch}`, group: 'architectures' };
    }),
    ...machines.map(({ id, name, arch, cache }) => {
      return { value: id, label: `${id}: ${name}, ${cache}`, group: arch };
    }),
    ...kinds.map((id) => ({ value: id, label: id, group: 'kinds of cache' })),
  ];
  const isList = value.includes(',') || value.includes(' of ');
  return isList ? [...all, { value, label: value, group: together }] : all;
}

// Until the worker has told what there is, what the link says is taken as it is.
function known<T>(
  all: readonly T[] | undefined,
  value: string,
  choice: (one: T) => Choice,
): readonly Choice[] {
  if (all) return all.map(choice);
  return value === '' || value === 'all' ? [] : [{ value, label: value }];
}
