// The catalogue: a field to search in, and below it shelves or what was found.

import { useEffect, useId, useState } from 'preact/hooks';
import type { Ref } from 'preact';
import { type Catalogue, type Entry, type Found, searchCatalogue, type Shelf } from './shelves.ts';

/** What the browser shows, and where it tells what was chosen. */
export interface BrowserProps {
  readonly catalogue: Catalogue;
  /** The test that is open. */
  readonly current: Entry | undefined;
  readonly onOpen: (entry: Entry) => void;
  readonly field: Ref<HTMLInputElement | null>;
}

/** Tests that are shown at once. */
const MOST = 60;

type Option =
  | { readonly kind: 'shelf'; readonly shelf: Shelf }
  | { readonly kind: 'test'; readonly entry: Entry };

/** Shelves and tests, chosen by arrows and Enter or by the mouse. */
export function Browser({ catalogue, current, onOpen, field }: BrowserProps) {
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const id = useId();
  const found = searchCatalogue(catalogue, query);
  const { groups, options, left } = optionsOf(found);
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [active, query]);
  const search = (text: string): void => {
    setQuery(text);
    setActive(0);
  };
  const choose = (option: Option | undefined): void => {
    if (option?.kind === 'shelf') search(`${option.shelf.name}/`);
    else if (option) onOpen(option.entry);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step !== undefined) setActive(Math.min(Math.max(0, active + step), options.length - 1));
    else if (event.key === 'Enter') choose(options[active]);
    else if (event.key === 'Escape' && query !== '') search('');
    else return;
    event.preventDefault();
  };
  return (
    <>
      <label class="picker">
        <span>Search tests: words, or SHELF/</span>
        <input
          ref={field}
          type="search"
          role="combobox"
          list={undefined}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={options.length > 0 ? `${id}-${active}` : undefined}
          autocomplete="off"
          spellcheck={false}
          value={query}
          onInput={({ currentTarget }) => search(currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <p class="litmus-count" role="status">
        {countText(found)}
      </p>
      <OptionList id={id} groups={groups} active={active} current={current} onChoose={choose} />
      {left > 0 ? <p class="quiet">and {left} more: type another word</p> : null}
    </>
  );
}

function countText(found: readonly Found[]): string {
  const count = found.reduce((sum, { tests }) => sum + tests.length, 0);
  if (count === 0 && found.length > 0) return `${found.length} shelves`;
  return count === 1 ? '1 test' : `${count} tests`;
}

interface ListProps {
  readonly id: string;
  readonly groups: readonly Group[];
  readonly active: number;
  readonly current: Entry | undefined;
  readonly onChoose: (option: Option) => void;
}

function OptionList({ id, groups, active, current, onChoose }: ListProps) {
  let next = 0;
  return (
    <div class="litmus-list" id={`${id}-list`} role="listbox" aria-label="Tests">
      {groups.map(({ label, about, options }) => {
        const items = options.map((option) => {
          const at = next++;
          return (
            <OptionItem
              key={keyOf(option)}
              id={`${id}-${at}`}
              option={option}
              isActive={at === active}
              isOpen={option.kind === 'test' && option.entry === current}
              onChoose={() => onChoose(option)}
            />
          );
        });
        return label === undefined ? (
          items
        ) : (
          <div key={label} role="group" aria-label={`${label}: ${about}`}>
            <p class="litmus-shelf" aria-hidden="true">
              <b>{label}</b> {about}
            </p>
            {items}
          </div>
        );
      })}
    </div>
  );
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 6,
  PageUp: -6,
};

interface Group {
  readonly label?: string;
  readonly about?: string;
  readonly options: readonly Option[];
}

function optionsOf(found: readonly Found[]) {
  const isShelves = found.every(({ tests }) => tests.length === 0);
  let room = MOST;
  const groups: Group[] = isShelves
    ? [{ options: found.map(({ shelf }) => ({ kind: 'shelf', shelf })) }]
    : found.flatMap(({ shelf, tests }) => {
        const shown = tests.slice(0, Math.max(0, room));
        room -= tests.length;
        if (shown.length === 0) return [];
        const options = shown.map((entry): Option => ({ kind: 'test', entry }));
        return [{ label: shelf.name, about: shelf.about, options }];
      });
  return { groups, options: groups.flatMap((one) => one.options), left: Math.max(0, -room) };
}

function keyOf(option: Option): string {
  return option.kind === 'shelf' ? option.shelf.name : `${option.entry.shelf}/${option.entry.name}`;
}

interface ItemProps {
  readonly id: string;
  readonly option: Option;
  readonly isActive: boolean;
  readonly isOpen: boolean;
  readonly onChoose: () => void;
}

function OptionItem({ id, option, isActive, isOpen, onChoose }: ItemProps) {
  return (
    <div
      id={id}
      role="option"
      class="litmus-option"
      aria-selected={isActive}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
    >
      {option.kind === 'shelf' ? (
        <>
          <b>{option.shelf.name}/</b> <span class="quiet">{option.shelf.tests.length}</span>
          <span class="litmus-says">{option.shelf.about}</span>
        </>
      ) : (
        <>
          <code>{option.entry.name}</code>
          {isOpen ? <span class="litmus-open">open</span> : null}
          <span class="litmus-says">{option.entry.says}</span>
          <span class="litmus-claims">{option.entry.results.join('; ')}</span>
        </>
      )}
    </div>
  );
}
