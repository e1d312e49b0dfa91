// The views of the page, in the order of their tabs and of the keys 1 to 5. Each is loaded when it
// is first shown.

import type { ComponentType } from 'preact';
import type { Link, ViewId } from './link/index.ts';

/** What the shell gives a view: where the page is, and how to go elsewhere. */
export interface ViewProps {
  readonly link: Link;
  readonly go: Go;
}

/**
 * Goes to another state of the page. `replace` leaves no entry in the history: for what changes
 * with each key, as a step of a run does.
 */
export type Go = (link: Link, how?: { readonly replace?: boolean }) => void;

/** One view: its tab, and how to load it. */
export interface View {
  readonly id: ViewId;
  readonly title: string;
  readonly load: () => Promise<{ readonly default: ComponentType<ViewProps> }>;
}

/** All views. */
export const views: readonly View[] = [
  { id: 'matrix', title: 'Matrix', load: () => import('./views/matrix/view.tsx') },
  { id: 'litmus', title: 'Litmus', load: () => import('./views/litmus/view.tsx') },
  { id: 'witness', title: 'Witness', load: () => import('./views/witness/view.tsx') },
  { id: 'audit', title: 'Audit', load: () => import('./views/audit/view.tsx') },
  { id: 'replay', title: 'Replay', load: () => import('./views/replay/view.tsx') },
];
