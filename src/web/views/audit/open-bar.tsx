// Where a file comes in: a button, a drop anywhere on the page, or a paste.

import { useEffect, useRef, useState } from 'preact/hooks';
import { useKeys } from '../../ui/index.ts';
import type { Openers, Opening } from './opening.ts';

/** The bar above everything: what can be opened, what is being read; small once a file is open. */
export function OpenBar({
  busy,
  opened,
  open,
  openExample,
  stop,
}: Pick<Opening, 'busy' | 'opened'> & Openers) {
  const input = useRef<HTMLInputElement>(null);
  const isOver = useDrops(open);
  const choose = (): void => input.current?.click();
  useKeys([
    { keys: ['o'], does: 'open an audit file', act: choose },
    { keys: ['e'], does: 'open the example', act: openExample },
    ...(busy === undefined ? [] : [{ keys: ['Escape'], does: 'stop reading', act: stop }]),
  ]);
  const isSmall = opened !== undefined;
  const classes = ['audit-open'];
  if (isSmall) classes.push('audit-small');
  if (isOver) classes.push('audit-over');
  return (
    <div class={classes.join(' ')}>
      <p class="audit-open-acts">
        <button
          type="button"
          class={isSmall ? '' : 'primary'}
          aria-keyshortcuts="o"
          onClick={choose}
        >
          Open an audit file
        </button>
        <button type="button" aria-keyshortcuts="e" onClick={openExample}>
          Example
        </button>
        <input
          ref={input}
          class="visually-hidden"
          type="file"
          tabIndex={-1}
          aria-label="Audit file: JSON of dachs audit, or SARIF"
          accept=".json,.sarif,application/json,application/sarif+json"
          onChange={({ currentTarget }) => {
            const file = currentTarget.files?.[0];
            if (file !== undefined) open(file, file.name);
            currentTarget.value = '';
          }}
        />
        {isSmall ? null : <span>or drop one on the page, or paste its text (Ctrl+V).</span>}
      </p>
      {isSmall ? null : (
        <p class="quiet">
          JSON of <code>dachs audit TREE --json -o FILE.json</code>, or SARIF 2.1.0 of any tool. The
          file is read in this page; nothing is uploaded.
        </p>
      )}
      {busy === undefined ? null : (
        <p class="audit-busy" role="status">
          <span>{busy.told?.what ?? `reading ${busy.name}`} ...</span>
          <progress
            aria-label={`Reading ${busy.name}`}
            {...(busy.told?.share === undefined ? {} : { value: busy.told.share })}
          />
          <button type="button" aria-keyshortcuts="Escape" onClick={stop}>
            Stop
          </button>
        </p>
      )}
    </div>
  );
}

/** Takes what is dropped or pasted on the page; gives whether something is held over it. */
function useDrops(open: Openers['open']): boolean {
  const [isOver, setIsOver] = useState(false);
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    const control = new AbortController();
    const { signal } = control;
    const take = (data: DataTransfer | null): boolean => {
      const file = data?.files[0];
      const text = data?.getData('text') ?? '';
      if (file !== undefined) latest.current(file, file.name);
      else if (text !== '') latest.current(new Blob([text]), 'the pasted text');
      return file !== undefined || text !== '';
    };
    const onOver = (event: DragEvent): void => {
      event.preventDefault();
      setIsOver(true);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      setIsOver(false);
      take(event.dataTransfer);
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (isField(event.target)) return;
      if (take(event.clipboardData)) event.preventDefault();
    };
    document.addEventListener('dragover', onOver, { signal });
    document.addEventListener('dragleave', () => setIsOver(false), { signal });
    document.addEventListener('drop', onDrop, { signal });
    document.addEventListener('paste', onPaste, { signal });
    return () => control.abort();
  }, []);
  return isOver;
}

function isField(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
}
