// Links of old forms: each step brings one form to the next.

/** A link as it was read: the view's name is not checked yet. */
export interface RawLink {
  readonly view: string;
  readonly params: Readonly<Record<string, string>>;
}

/** What each form had to become; the step at index 0 leads from form 1 to form 2. */
const steps: readonly ((link: RawLink) => RawLink)[] = [fromForm1];

/** Brings a link of `form` (from 1) to the form that is written. */
export function migrate(form: number, link: RawLink): RawLink {
  return steps.slice(Math.max(0, form - 1)).reduce((old, step) => step(old), link);
}

// Form 1, `#view=run&test=NAME&cpu=ID`: the playground was called run, a machine cpu, and a text
// of one's own stood in the link as it was, as `source`.
function fromForm1({ view, params }: RawLink): RawLink {
  const names = new Map([
    ['cpu', 'machine'],
    ['source', 'plain'],
  ]);
  const renamed = Object.entries(params).map(([name, value]): [string, string] => [
    names.get(name) ?? name,
    value,
  ]);
  return { view: view === 'run' ? 'litmus' : view, params: Object.fromEntries(renamed) };
}
