// The shell: tabs, theme, keys, and the view that the address names.

import type { ComponentType } from 'preact';
import { useEffect, useErrorBoundary, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fragmentOf, type Link, readFragment } from './link/index.ts';
import { type Kept, tabLink } from './tabs.ts';
import { Announcements, announce } from './ui/announce.tsx';
import { CopyButton } from './ui/buttons.tsx';
import { Fault } from './ui/fault.tsx';
import { KeyList } from './ui/key-list.tsx';
import { listenToKeys, useKeys } from './ui/keys.tsx';
import { useTheme } from './ui/theme.ts';
import { type Go, type View, views, type ViewProps } from './views.ts';

/** The whole page. */
export function App() {
  const [{ link, problem }, go] = useLink();
  const [theme, nextTheme] = useTheme();
  const [keysShown, setKeysShown] = useState(false);
  const view = views.find(({ id }) => id === link.view);
  const kept = useRef<Kept>({});
  kept.current = { ...kept.current, [link.view]: link.params };
  const tab = (id: View['id']): Link => tabLink(id, link, kept.current);
  useLayoutEffect(listenToKeys, []);
  useEffect(() => {
    document.title = `${view?.title ?? ''} - Dachs`;
  }, [view]);
  useKeys([
    ...views.map(({ id, title }, i) => ({
      keys: [String(i + 1)],
      does: `go to ${title}`,
      act: () => go(tab(id)),
    })),
    { keys: ['t'], does: 'light, dark or system colours', act: nextTheme },
    { keys: ['?'], does: 'list the keys', act: () => setKeysShown(true) },
  ]);
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        Skip to the content
      </a>
      <header>
        <p class="brand">Dachs</p>
        <nav aria-label="Views">
          {views.map(({ id, title }) => (
            <a
              key={id}
              href={fragmentOf(tab(id))}
              aria-current={id === link.view ? 'page' : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
        <span class="actions">
          <CopyButton
            label="Copy link"
            says="Link copied"
            text={() => location.href}
            shortcut="l"
          />
          <button type="button" onClick={nextTheme} aria-label={`Colours: ${theme}`}>
            {theme}
          </button>
          <button type="button" onClick={() => setKeysShown(true)} aria-label="Keys">
            ?
          </button>
        </span>
      </header>
      <main id="content" tabIndex={-1}>
        {problem === undefined ? null : <p role="alert">{problem}</p>}
        {view === undefined ? null : <Shown key={view.id} view={view} link={link} go={go} />}
      </main>
      <footer>
        <p>Everything is computed in this page; nothing is sent anywhere.</p>
      </footer>
      <Announcements />
      {keysShown ? <KeyList onClose={() => setKeysShown(false)} /> : null}
    </>
  );
}

// The fragment names what is shown: it stays.
function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}

/** The state that the address names, and how to go elsewhere. */
function useLink() {
  const [read, setRead] = useState(() => readFragment(location.hash));
  useEffect(() => {
    const onMove = (): void => setRead(readFragment(location.hash));
    addEventListener('hashchange', onMove);
    addEventListener('popstate', onMove);
    return () => {
      removeEventListener('hashchange', onMove);
      removeEventListener('popstate', onMove);
    };
  }, []);
  const go = useRef<Go>((link: Link, how) => {
    const fragment = fragmentOf(link);
    if (fragment === location.hash) return;
    if (how?.replace === true) history.replaceState(undefined, '', fragment);
    else history.pushState(undefined, '', fragment);
    setRead({ link });
  });
  return [read, go.current] as const;
}

type Loaded = ComponentType<ViewProps>;

/** A view, loaded on demand; what it throws is told in its place, until the link changes. */
function Shown({ view, link, go }: ViewProps & { readonly view: View }) {
  const [Body, setBody] = useState<Loaded>();
  const [fault, setFault] = useState<string>();
  const [thrown, setThrown] = useState<string>();
  const [, reset] = useErrorBoundary((error: unknown) => setThrown(messageOf(error)));
  const fragment = useRef(fragmentOf(link));
  useEffect(() => {
    if (fragment.current === fragmentOf(link)) return;
    fragment.current = fragmentOf(link);
    setThrown(undefined);
    reset();
  }, [link]);
  useEffect(() => {
    view.load().then(
      (loaded) => {
        setBody(() => loaded.default);
        announce(view.title);
      },
      (error: unknown) => setFault(messageOf(error)),
    );
  }, [view]);
  if (fault !== undefined) return <Fault message={fault} />;
  if (thrown !== undefined) return <Fault message={thrown} />;
  if (Body === undefined) return <p aria-busy="true">Loading {view.title} ...</p>;
  return <Body link={link} go={go} />;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
