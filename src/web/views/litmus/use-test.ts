// The test that is open, and the link that stands for it: a name where it is a test of the
// catalogue as it stands there, else the text itself.

import { useEffect, useRef, useState } from 'preact/hooks';
import { fitsLink, packText, unpackText } from '../../link/index.ts';
import type { ViewProps } from '../../views.ts';
import type { Catalogue, Entry } from './catalogue/shelves.ts';

/** What is open where the link names nothing. */
export const FIRST_TEST = 'CoWR+k+u+other';

/** Milliseconds after the last key until the link follows the text. */
const PAUSE = 150;

/** The open test. */
export interface OpenTest {
  /** Undefined until it is loaded. */
  readonly text: string | undefined;
  /** Grows where another text is opened, not where the reader types. */
  readonly opened: number;
  /** The test of the catalogue that it is, letter by letter. */
  readonly entry: Entry | undefined;
  /** Why the link's text could not be opened. */
  readonly problem: string | undefined;
  readonly catalogue: Catalogue | undefined;
  /** The reader typed. */
  readonly edit: (text: string) => void;
}

type Params = Readonly<Record<string, string>>;

/** Opens what the link says, and writes what is typed into the link. */
export function useTest({ link, go }: ViewProps): OpenTest {
  const catalogue = useCatalogue();
  const [open, setOpen] = useState<{ text: string; opened: number; problem?: string }>();
  const latest = useRef(link);
  latest.current = link;
  // The source that the shown text stands for: what the page itself wrote is not opened again.
  const shown = useRef<string | undefined>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const source = sourceOf(link.params);

  useEffect(() => {
    if (catalogue === undefined || source === shown.current) return;
    shown.current = source;
    clearTimeout(timer.current);
    void textOf(link.params, catalogue).then((read) => {
      if (shown.current !== source) return;
      setOpen((old) => ({ ...read, opened: (old?.opened ?? 0) + 1 }));
    });
  }, [catalogue, source]);

  const edit = (text: string): void => {
    setOpen((old) => ({ text, opened: old?.opened ?? 0 }));
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (!fitsLink(text)) return;
      void paramsOf(text, catalogue).then((own) => {
        const { test: _, text: __, plain: ___, run: ____, ...others } = latest.current.params;
        const params: Params = { ...others, ...own };
        shown.current = sourceOf(params);
        go({ view: 'litmus', params }, { replace: true });
      });
    }, PAUSE);
  };

  return {
    text: open?.text,
    opened: open?.opened ?? 0,
    entry: open === undefined ? undefined : sameAs(open.text, catalogue),
    problem: open?.problem,
    catalogue,
    edit,
  };
}

function useCatalogue(): Catalogue | undefined {
  const [catalogue, setCatalogue] = useState<Catalogue>();
  useEffect(() => {
    void import('./catalogue/texts.ts').then((loaded) => setCatalogue(loaded.catalogue));
  }, []);
  return catalogue;
}

function sourceOf({ test, text, plain }: Params): string {
  if (text !== undefined) return `text ${text}`;
  return plain === undefined ? `test ${test ?? FIRST_TEST}` : `plain ${plain}`;
}

async function textOf(
  { test, text, plain }: Params,
  { byName }: Catalogue,
): Promise<{ readonly text: string; readonly problem?: string }> {
  if (text !== undefined) {
    const unpacked = await unpackText(text);
    if (unpacked !== undefined) return { text: unpacked };
    return { text: '', problem: 'The text in the link is damaged or cut off: nothing is open.' };
  }
  if (plain !== undefined) return { text: plain };
  const name = test ?? FIRST_TEST;
  const entry = byName.get(name);
  if (entry) return { text: entry.text };
  return { text: '', problem: `The catalogue has no test called '${name}'; / searches it.` };
}

async function paramsOf(text: string, catalogue: Catalogue | undefined): Promise<Params> {
  const entry = sameAs(text, catalogue);
  if (entry) return { test: wordOf(entry, catalogue) };
  return { text: await packText(text) };
}

function sameAs(text: string, catalogue: Catalogue | undefined): Entry | undefined {
  for (const { tests } of catalogue?.shelves ?? []) {
    const entry = tests.find((one) => one.text === text);
    if (entry) return entry;
  }
  return undefined;
}

/** What the command line calls a test: its name, with its shelf where that is not enough. */
export function wordOf(entry: Entry, catalogue: Catalogue | undefined): string {
  const { name, shelf } = entry;
  return catalogue?.byName.get(name) === entry ? name : `${shelf}/${name}`;
}
