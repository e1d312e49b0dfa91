// Light, dark, or as the system has it. The reader's own choice: it stays in this browser and is
// no part of links.

import { useEffect, useState } from 'preact/hooks';

/** What can be chosen. */
export const themes = ['system', 'light', 'dark'] as const;

/** One of them. */
export type Theme = (typeof themes)[number];

const KEY = 'dachs-theme';

/** The theme, and a function that goes to the next one. */
export function useTheme(): readonly [Theme, () => void] {
  const [theme, setTheme] = useState<Theme>(stored);
  useEffect(() => {
    if (theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // A file on disk, or a browser that keeps nothing: the choice lasts as long as the page.
    }
  }, [theme]);
  const next = (): void => {
    setTheme((old) => themes[(themes.indexOf(old) + 1) % themes.length] ?? 'system');
  };
  return [theme, next];
}

function stored(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return themes.find((one) => one === kept) ?? 'system';
  } catch {
    return 'system';
  }
}
