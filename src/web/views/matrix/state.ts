// What the view's link says, in the view's words, and the links to its other states.

import type { Go } from '../../views.ts';
import type { Link } from '../../link/index.ts';
import type { Filters } from './asks.ts';
import { filtersOf } from './filters.ts';

/** Where the view starts. */
export const USUAL_KERNEL = '6.12';

/** The state of the view. */
export interface MatrixState {
  readonly kernel: string;
  /** By CPU over all kernels, or by stack under one. */
  readonly by: 'stack' | 'cpu';
  readonly filters: Filters;
  /** Architectures and drivers that were opened or closed by hand; absent: as usual. */
  readonly open: ReadonlySet<string> | undefined;
  readonly wide: ReadonlySet<string> | undefined;
  /** The open cell, without its kernel. */
  readonly cell: string | undefined;
}

/** Reads a link's parameters. */
export function stateOf(params: Link['params']): MatrixState {
  const cell = params['cell'] ?? '';
  return {
    kernel: params['kernel'] ?? USUAL_KERNEL,
    by: params['by'] === 'cpu' ? 'cpu' : 'stack',
    filters: filtersOf(params),
    open: setOf(params['open']),
    wide: setOf(params['wide']),
    // The kernel that a cell's name ends in on the command line stands in the link once.
    cell: cell === '' ? undefined : cell.replace(/@.*$/, ''),
  };
}

/** A dash stands for none, which an empty parameter cannot say. */
const NONE = '-';

function setOf(text: string | undefined): ReadonlySet<string> | undefined {
  if (text === undefined) return undefined;
  return new Set(text === NONE ? [] : text.split(','));
}

/** The text of a set, which setOf() reads. */
export function textOf(set: ReadonlySet<string>): string {
  return set.size === 0 ? NONE : [...set].join(',');
}

/** The set with `member` put in or taken out. */
export function toggled(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  const others = [...set].filter((one) => one !== member);
  return new Set(set.has(member) ? others : [...others, member]);
}

/** Goes to the same state with some parameters changed; an empty one is taken out. */
export type Change = (params: Link['params'], how?: { readonly replace?: boolean }) => void;

/** How the view changes its link. */
export function changeOf({ params }: Link, go: Go): Change {
  return (changed, how) => {
    const next = { ...params, ...changed };
    const kept = Object.entries(next).filter(([, value]) => value !== '');
    go({ view: 'matrix', params: Object.fromEntries(kept) }, how);
  };
}
