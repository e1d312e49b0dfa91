// Buttons that hand something out: text to the clipboard, a file to the disk.

import { useState } from 'preact/hooks';
import { announce } from './announce.tsx';
import { Fault } from './fault.tsx';
import { useKeys } from './keys.tsx';

/** What is copied: at hand, or made when it is asked for. */
export interface CopyButtonProps {
  /** What the button says: `Copy as text`. */
  readonly label: string;
  readonly text: () => string | Promise<string>;
  /** A key that does the same. */
  readonly shortcut?: string;
  /** What a screen reader is told once it is done. */
  readonly says?: string;
}

interface Copied {
  readonly done?: boolean;
  readonly shown?: string;
  readonly fault?: string;
}

/** Copies text to the clipboard; where the browser forbids that, the text is shown instead. */
export function CopyButton({ label, text, shortcut, says = 'Copied' }: CopyButtonProps) {
  const [state, setState] = useState<Copied>({});
  const copy = (): void => {
    void (async () => {
      let content = '';
      try {
        content = await text();
      } catch (error) {
        setState({ fault: error instanceof Error ? error.message : String(error) });
        return;
      }
      try {
        await navigator.clipboard.writeText(content);
        setState({ done: true });
        announce(says);
        setTimeout(() => setState({}), 2000);
      } catch {
        setState({ shown: content });
        announce('The browser does not let the page copy: the text is shown below');
      }
    })();
  };
  useKeys(
    shortcut === undefined ? [] : [{ keys: [shortcut], does: label.toLowerCase(), act: copy }],
  );
  return (
    <>
      <button type="button" onClick={copy} aria-keyshortcuts={shortcut}>
        {state.done === true ? 'Copied' : label}
      </button>
      {state.fault === undefined ? null : <Fault message={state.fault} />}
      {state.shown === undefined ? null : (
        <textarea class="copied" readOnly rows={8} aria-label={label} value={state.shown} />
      )}
    </>
  );
}

/** Offers `content` as a file called `name`. */
export function saveFile(name: string, type: string, content: string): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  announce(`Saved ${name}`);
}
