// Where a tab leads: to what was shown in its view last, and into a new view with what was chosen.

import type { Link, ViewId } from './link/index.ts';

type Params = Link['params'];

/** What was chosen in each view since the page is open. */
export type Kept = Readonly<Partial<Record<ViewId, Params>>>;

/**
 * The link of the tab of `view` where `from` is shown. A view that was shown has its choices again;
 * one that has none takes machine, kernel and test over. The tab of the view that is shown starts
 * it afresh.
 */
export function tabLink(view: ViewId, from: Link, kept: Kept): Link {
  if (view === from.view) return { view, params: {} };
  const own = kept[view] ?? {};
  return { view, params: Object.keys(own).length > 0 ? own : carried(view, from) };
}

/** What views call by the same name. */
const SHARED: Readonly<Record<ViewId, readonly string[]>> = {
  matrix: ['kernel'],
  litmus: ['machine', 'kernel', 'test', 'text', 'plain'],
  witness: ['machine', 'kernel', 'test', 'text', 'plain'],
  audit: [],
  replay: ['machine', 'kernel'],
};

// Litmus also takes several machines or kernels at once, which the others do not.
const SEVERAL = /,|^(?:all|machines|kinds)$/;

function carried(view: ViewId, { view: left, params }: Link): Params {
  const onlyOne = new Set(['machine', 'kernel']);
  const machine = left === 'matrix' ? machineOf(params) : params['machine'];
  const given = Object.entries({ ...params, machine: machine ?? '' });
  const taken = given.filter(
    ([name, value]) =>
      value !== '' && SHARED[view].includes(name) && !(onlyOne.has(name) && SEVERAL.test(value)),
  );
  return Object.fromEntries(taken);
}

/** The machine of the matrix: that of the cell that is open, else the one it is filtered by. */
function machineOf({ cell = '', machine }: Params): string | undefined {
  return /^(.+)\/[^/]+\/[^/]+\/[^/]+$/.exec(cell)?.[1] ?? machine;
}
