// What a link asks the witness view to show.

import type { Link } from '../../link/index.ts';
import type { RunAsk, Subject } from './asks.ts';

/** Shown where a link names nothing: two copies of one line, in five steps. */
export const FIRST_TEST = 'CoWR+k+u+other';

/** A subject, or a text that has still to be unpacked. */
export type Wanted = Subject | { readonly kind: 'packed'; readonly packed: string };

/** The subject of a link; what comes first of scenario, own text and test counts. */
export function wantedOf({ params }: Link): Wanted {
  const { scenario, text, plain, test } = params;
  if (scenario) return { kind: 'scenario', name: scenario };
  if (text) return { kind: 'packed', packed: text };
  if (plain) return { kind: 'text', text: plain };
  return { kind: 'test', name: test || FIRST_TEST };
}

/** The question of a link about a subject. */
export function runAskOf({ params }: Link, subject: Subject): RunAsk {
  const { machine, kernel, remedy, replay } = params;
  return {
    subject,
    ...(machine ? { machine } : {}),
    // A scenario is asked of hardware alone.
    ...(kernel && subject.kind !== 'scenario' ? { kernel } : {}),
    ...(remedy ? { remedy } : {}),
    ...(replay ? { replay } : {}),
  };
}

/** The step of a link, between 0 and `most`; anything else is 0. */
export function stepOf({ params }: Link, most: number): number {
  const step = Number(params['step'] ?? 0);
  if (!Number.isInteger(step) || step < 0) return 0;
  return Math.min(step, most);
}

/** The link with some of its parameters changed; undefined takes one away. */
export function withParams(link: Link, change: Readonly<Record<string, string | undefined>>): Link {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...link.params, ...change })) {
    if (value !== undefined && value !== '') params[name] = value;
  }
  return { view: link.view, params };
}
