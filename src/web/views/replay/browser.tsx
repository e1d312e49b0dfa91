// The list of recordings: by kernel, then by group, searched by id as `--only` does it.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { fragmentOf } from '../../link/index.ts';
import { type Choices, linkOf } from './choices.ts';
import type { Filtered } from './filter.ts';
import type { Found } from './use-found.ts';

/** What is listed, and what is chosen. */
export interface BrowserProps {
  readonly found: Found;
  readonly choices: Choices;
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onChoose: (choices: Choices, how?: { readonly replace?: boolean }) => void;
  /** How the reader gives a file of one's own. */
  readonly children: ComponentChildren;
}

/** More matches than these stay folded by group. */
const UNFOLDED = 60;

/** The list, folded once a scenario is chosen. */
export function Browser(props: BrowserProps) {
  const { choices, open, onOpen, onChoose } = props;
  const { lists, says } = props.found;
  const found = lists.reduce((sum, { count }) => sum + count, 0);
  const choose = (recording: string, id: string): void =>
    onChoose({ ...choices, recording, id, step: 0 });
  const shown = choices.only === '' ? lists : lists.filter(({ count }) => count > 0);
  const first = lists.find(({ count }) => count > 0);
  const onEnter = (event: KeyboardEvent): void => {
    const id = first?.groups.find(({ ids }) => ids.length > 0)?.ids[0];
    if (event.key !== 'Enter' || first === undefined || id === undefined) return;
    event.preventDefault();
    choose(first.recording.name, id);
    document.getElementById('content')?.focus();
  };
  return (
    <details class="replay-browser box" open={open} onToggle={(e) => onOpen(e.currentTarget.open)}>
      <summary>Choose a scenario</summary>
      <div class="bar">
        <label class="picker">
          <span>Search ids (a regular expression)</span>
          <input
            type="search"
            id="replay-search"
            value={choices.only}
            autocomplete="off"
            spellcheck={false}
            onInput={({ currentTarget }) =>
              onChoose({ ...choices, only: currentTarget.value }, { replace: true })
            }
            onKeyDown={onEnter}
          />
        </label>
        <p class="quiet" aria-live="polite">
          {says}
        </p>
        {props.children}
      </div>
      {shown.map((list) => (
        <Recording
          key={list.recording.name}
          list={list}
          choices={choices}
          unfolded={choices.only !== '' && found <= UNFOLDED}
          onChoose={choose}
        />
      ))}
    </details>
  );
}

function Recording({
  list,
  choices,
  unfolded,
  onChoose,
}: {
  readonly list: Filtered;
  readonly choices: Choices;
  readonly unfolded: boolean;
  readonly onChoose: (recording: string, id: string) => void;
}) {
  const { recording, count, groups } = list;
  const isChosen = recording.name === choices.recording;
  const listed = groups.filter(({ ids }) => choices.only === '' || ids.length > 0);
  return (
    <Fold
      label={
        <>
          <strong>{recording.name}</strong>{' '}
          <span class="quiet">
            {recording.kernel}, {recording.arch}: {count}
          </span>
        </>
      }
      open={unfolded ? count > 0 : isChosen}
    >
      {listed.map(({ group, ids, all }) => (
        <Fold
          key={group}
          label={
            <>
              {group === '' ? '(no group)' : group}{' '}
              <span class="quiet">{ids.length === all ? all : `${ids.length} of ${all}`}</span>
            </>
          }
          open={unfolded && ids.length > 0}
        >
          <ul>
            {ids.map((id, i) => (
              <li key={i}>
                <a
                  href={fragmentOf(linkOf({ ...choices, recording: recording.name, id, step: 0 }))}
                  aria-current={isChosen && id === choices.id ? 'true' : undefined}
                  onClick={(event) => {
                    event.preventDefault();
                    onChoose(recording.name, id);
                  }}
                >
                  {id}
                </a>
              </li>
            ))}
          </ul>
        </Fold>
      ))}
    </Fold>
  );
}

/** Details whose content is made when they are opened: there are hundreds of scenarios. */
function Fold({
  label,
  open,
  children,
}: {
  readonly label: ComponentChildren;
  readonly open: boolean;
  readonly children: ComponentChildren;
}) {
  const [own, setOwn] = useState<boolean>();
  const isOpen = own ?? open;
  return (
    <details
      class="replay-fold"
      open={isOpen}
      onToggle={({ currentTarget }) => {
        if (currentTarget.open !== isOpen) setOwn(currentTarget.open);
      }}
    >
      <summary>{label}</summary>
      {isOpen ? children : null}
    </details>
  );
}
