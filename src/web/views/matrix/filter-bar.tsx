// The filters: pickers, a search for machines, and the verdicts with their counts as buttons.

import { type Choice, Picker } from '../../ui/index.ts';
import type { Filters, Plan } from './asks.ts';
import { archsOf, bare, bareWords, isUnfiltered, wordsLeft } from './filters.ts';
import type { Change } from './state.ts';
import { glyphOf, meaningOf, spokenOf, toneOf } from './words.ts';

/** The filters as they are, and how they change. */
export interface FilterBarProps {
  readonly plan: Plan;
  readonly filters: Filters;
  readonly by: 'stack' | 'cpu';
  readonly change: Change;
}

/** Pickers and the search. */
export function FilterBar({ plan, filters, by, change }: FilterBarProps) {
  const picker = (name: 'arch' | 'driver' | 'fs' | 'option', label: string, known: Choices) => (
    <Picker
      label={label}
      value={filters[name].join(',')}
      choices={choicesOf(known, filters[name])}
      onChoose={(value) => change({ [name]: value, open: '', wide: '' })}
    />
  );
  const drivers = plan.drivers.map(({ id, title }) => ({ id, label: `${id}: ${title}` }));
  return (
    <div class="bar matrix-filters" role="group" aria-label="Filters">
      {picker('arch', 'Architecture', archsOf(plan).map(asChoice))}
      {by === 'stack' ? picker('driver', 'Driver', drivers) : null}
      {by === 'stack' ? picker('fs', 'File system', plan.fileSystems.map(asChoice)) : null}
      {by === 'stack' ? picker('option', 'Mount option', plan.options.map(asChoice)) : null}
      <label class="picker">
        <span>CPU contains</span>
        <input
          id="matrix-find"
          type="search"
          value={filters.find}
          size={14}
          onInput={({ currentTarget }) => change({ find: currentTarget.value }, { replace: true })}
        />
      </label>
      {filters.machine.length === 0 ? null : (
        <button type="button" onClick={() => change({ machine: '' })}>
          Not only {filters.machine.join(', ')}
        </button>
      )}
      <button type="button" disabled={isUnfiltered(filters)} onClick={() => change(NO_FILTERS)}>
        Clear
      </button>
    </div>
  );
}

/** Parameters of a link without filters. */
export const NO_FILTERS = {
  arch: '',
  machine: '',
  driver: '',
  fs: '',
  option: '',
  verdict: '',
  find: '',
  open: '',
  wide: '',
} as const;

type Choices = readonly { readonly id: string; readonly label: string }[];

function asChoice(id: string): { readonly id: string; readonly label: string } {
  return { id, label: id };
}

function choicesOf(known: Choices, chosen: readonly string[]): readonly Choice[] {
  const all = { value: '', label: 'all' };
  const several = chosen.length > 1 ? [{ value: chosen.join(','), label: chosen.join(', ') }] : [];
  return [all, ...several, ...known.map(({ id, label }) => ({ value: id, label }))];
}

/** Counts of verdicts, each a button that leaves only these. */
export function VerdictChips({
  plan,
  filters,
  counts,
  change,
}: {
  readonly plan: Plan;
  readonly filters: Filters;
  readonly counts: ReadonlyMap<string, number>;
  readonly change: Change;
}) {
  const chosen = wordsLeft(plan.severity, filters);
  const isChosen = (word: string): boolean =>
    plan.severity.some((one) => bare(one) === word && chosen?.has(one) === true);
  const toggle = (word: string): void => {
    const words = bareWords(plan.severity).filter((one) =>
      one === word ? !isChosen(one) : isChosen(one),
    );
    change({ verdict: words.join(',') });
  };
  const shown = bareWords(plan.severity).flatMap((word) => {
    const own = [...counts].filter(([one]) => bare(one) === word);
    return own.length > 0 || isChosen(word) ? [{ word, own }] : [];
  });
  return (
    <div class="matrix-chips" role="group" aria-label="Verdicts and their counts">
      {shown.map(({ word, own }) => (
        <button
          key={word}
          type="button"
          class={`matrix-chip matrix-${toneOf(word)}`}
          aria-pressed={isChosen(word)}
          title={meaningOf(plan.meanings, word)}
          onClick={() => toggle(word)}
        >
          {glyphOf(word) === '' ? null : (
            <span class="matrix-glyph" aria-hidden="true">
              {glyphOf(word)}
            </span>
          )}
          {own.length === 0
            ? `0 ${spokenOf(word)}`
            : own.map(([one, n]) => `${n} ${spokenOf(one)}`).join(', ')}
        </button>
      ))}
    </div>
  );
}
