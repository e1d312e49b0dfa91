// The timeline of a film as positions: a row for each actor, a column for each step.

import type { Film, FilmActor } from '../../../../verdict/index.ts';
import { widest, widthOf } from './text.ts';

/** A step in the row of whoever takes it. */
export interface Mark {
  /** Number of the step, from 1. */
  readonly step: number;
  readonly x: number;
  readonly y: number;
  readonly shape: 'circle' | 'square' | 'diamond';
  readonly fails: boolean;
  /** `3: P0 loads x through u: hit`. */
  readonly says: string;
}

/** A row with its name. */
export interface TimelineRow {
  readonly key: string;
  readonly name: string;
  readonly y: number;
}

/** The timeline. */
export interface Timeline {
  readonly width: number;
  readonly height: number;
  /** Where rows begin, after their names. */
  readonly left: number;
  /** Width of a column. */
  readonly column: number;
  readonly rows: readonly TimelineRow[];
  readonly marks: readonly Mark[];
}

/** Distance of rows, and of columns. */
export const ROW = 34;
/** Width of a column: few steps stand further apart. */
const NARROW = 36;
const WIDE = 72;
const USUAL_WIDTH = 620;

const TOP = 8;

/** Places all steps of a film. */
export function timelineOf(film: Film): Timeline {
  const names = film.actors.map((actor) => actorName(actor, film.actors));
  const left = 12 + widest(names) + 14;
  const fair = Math.floor(USUAL_WIDTH / Math.max(1, film.steps.length));
  const column = Math.max(NARROW, Math.min(WIDE, fair));
  const rows = film.actors.map(({ key }, i): TimelineRow => {
    return { key, name: names[i] ?? '', y: TOP + ROW * i + ROW / 2 };
  });
  const marks = film.steps.map(({ actor, fails }, i): Mark => {
    const row = film.actors.findIndex(({ key }) => key === actor);
    return {
      step: i + 1,
      x: left + column * i + column / 2,
      y: rows[row]?.y ?? 0,
      shape: shapeOf(film.actors[row]),
      fails,
      says: `${i + 1}: ${film.witness.steps[i]?.says ?? ''}`,
    };
  });
  return {
    width: Math.max(left + column * film.steps.length + 12, 24 + widthOf('no step')),
    height: TOP * 2 + ROW * rows.length,
    left,
    column,
    rows,
    marks,
  };
}

/** A thread says its CPU where there are several. */
export function actorName({ kind, name, cpu }: FilmActor, all: readonly FilmActor[]): string {
  const cpus = new Set(all.flatMap((one) => (one.cpu === undefined ? [] : [one.cpu])));
  return kind === 'thread' && cpus.size > 1 ? `${name} on CPU ${cpu}` : name;
}

function shapeOf(actor: FilmActor | undefined): Mark['shape'] {
  if (actor?.kind === 'thread') return 'circle';
  return actor?.kind === 'power' || actor?.kind === 'waiting' ? 'diamond' : 'square';
}
