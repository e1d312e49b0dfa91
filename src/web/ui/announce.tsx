// What a screen reader is told when something changed elsewhere on the page.

import { useEffect, useState } from 'preact/hooks';

let tell: ((text: string) => void) | undefined;

/** Says a sentence to screen readers, after what they are saying. */
export function announce(text: string): void {
  tell?.(text);
}

/** Where announcements appear; once, in the shell. */
export function Announcements() {
  const [text, setText] = useState('');
  useEffect(() => {
    tell = setText;
    return () => {
      tell = undefined;
    };
  }, []);
  return (
    <p class="visually-hidden" role="status" aria-live="polite" data-testid="announcements">
      {text}
    </p>
  );
}
