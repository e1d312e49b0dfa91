// Keys. Every act of the page has one; those of the view that is shown and of the shell are listed
// by `?`. A key does nothing while one types, unless it is pressed with Ctrl or Alt.

import { useLayoutEffect, useRef } from 'preact/hooks';

/** An act and the keys that do it. */
export interface KeyBinding {
  /**
   * Names as KeyboardEvent.key has them, with `Ctrl+` before where it is held:
   * `ArrowRight`, `j`, `Ctrl+Enter`. Any of them does it.
   */
  readonly keys: readonly string[];
  /** What it does, as the list of keys says it: `next step`. */
  readonly does: string;
  readonly act: () => void;
}

const active = new Set<() => readonly KeyBinding[]>();

/** Binds keys while the component is shown; the newest component's come first. */
export function useKeys(bindings: readonly KeyBinding[]): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  useLayoutEffect(() => {
    const get = (): readonly KeyBinding[] => latest.current;
    active.add(get);
    return () => {
      active.delete(get);
    };
  }, []);
}

/** All that is bound, the shell's first. */
export function boundKeys(): readonly KeyBinding[] {
  return [...active].flatMap((get) => get());
}

/** Listens; called once, by the shell. */
export function listenToKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.metaKey || event.altKey) return;
    const name = `${event.ctrlKey ? 'Ctrl+' : ''}${event.key}`;
    // In a shadow root the event's target is its host.
    const [target = null] = event.composedPath();
    if (!event.ctrlKey && takesKeys(target, event.key)) return;
    const binding = boundKeys()
      .toReversed()
      .find(({ keys }) => keys.includes(name));
    if (!binding) return;
    event.preventDefault();
    binding.act();
  };
  document.addEventListener('keydown', onKey);
  return () => document.removeEventListener('keydown', onKey);
}

// What a field, a button or an open dialog does with a key itself must stay as it is.
function takesKeys(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (document.querySelector('dialog[open]') !== null) return true;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLTextAreaElement) return true;
  // Up and down choose; left and right stay the page's: what was chosen is looked at next.
  if (target instanceof HTMLSelectElement) return key !== 'ArrowLeft' && key !== 'ArrowRight';
  if (target instanceof HTMLInputElement) {
    return !['checkbox', 'button', 'file'].includes(target.type) || key === ' ';
  }
  const own = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
  return (own || target.matches('summary, [role="button"]')) && (key === 'Enter' || key === ' ');
}

/** A key's name as it is shown. */
export function keyLabel(key: string): string {
  const named: Readonly<Record<string, string>> = {
    ArrowRight: '\u2192',
    ArrowLeft: '\u2190',
    ArrowUp: '\u2191',
    ArrowDown: '\u2193',
    ' ': 'Space',
    Escape: 'Esc',
  };
  return key
    .split(/\+(?=.)/)
    .map((part) => named[part] ?? part)
    .join('+');
}
