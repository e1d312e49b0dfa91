// The tables beside the caches as positions: addresses, registers, locks, what was asked for.

import type { Film, FilmFrame, FilmMapping, FrameLock } from '../../../../verdict/index.ts';
import { hex } from './text.ts';

/** A row of a table beside the caches. */
export interface PanelRow {
  readonly key: string;
  readonly text: string;
  readonly changed: boolean;
  readonly y: number;
}

/** A table with its title. */
export interface Panel {
  readonly title: string;
  readonly y: number;
  readonly rows: readonly PanelRow[];
}

/** Height of a row of a table. */
export const LINE = 22;
const TITLE = 26;
const SPACE = 18;

/** Key of the row that tells what was read, where a kernel runs: its registers are not known. */
export const LAST_READ = 'last read';

type Row = Omit<PanelRow, 'y'>;

/** The tables of frame `at` from `top` down. */
export function panelsOf(film: Film, at: number, top: number): readonly Panel[] {
  const frame = film.frames[at];
  if (frame === undefined) return [];
  const isChanged = (key: string) => at > 0 && (film.steps[at - 1]?.changed.includes(key) ?? false);
  const parts: readonly (readonly [title: string, rows: readonly Row[]])[] = [
    ['addresses', addressRows(film, frame, isChanged)],
    ['registers', registerRows(film, at)],
    ['last read', lastRead(film, at)],
    [
      'locks',
      frame.locks.map((lock) => ({
        key: lock.key,
        text: `${lock.name}: ${lockText(lock)}`,
        changed: isChanged(lock.key),
      })),
    ],
    ['asked for', askedRows(film, at)],
  ];
  const panels: Panel[] = [];
  let y = top;
  for (const [title, rows] of parts) {
    if (rows.length === 0) continue;
    const first = y + TITLE;
    panels.push({ title, y, rows: rows.map((row, i) => ({ ...row, y: first + i * LINE })) });
    y = first + rows.length * LINE + SPACE;
  }
  return panels;
}

/** `held by P0`, where it is known who has it. */
function lockText({ state, readers, holder }: FrameLock): string {
  if (state === 'shared') return `held by ${readers} for reading`;
  return holder === undefined ? state : `${state} by ${holder}`;
}

/** A register that nothing has been put into shows no number: it would look like a result. */
function registerRows({ frames, steps }: Film, at: number): readonly Row[] {
  const last = steps[at - 1];
  return (frames[at]?.registers ?? []).map(({ key, name, value, written }) => ({
    key,
    text: `${name} = ${written ? value : '-'}`,
    changed: written && (last?.read?.register === key || last?.changed.includes(key) === true),
  }));
}

function lastRead({ steps }: Film, at: number): readonly Row[] {
  const isTold = steps.some(({ read }) => read !== undefined && read.register === undefined);
  if (!isTold) return [];
  const read = steps.slice(0, at).findLast((step) => step.read)?.read;
  const text = read ? `${read.thread}: ${read.value}${read.old ? ' (old)' : ''}` : 'none yet';
  return [{ key: LAST_READ, text, changed: steps[at - 1]?.read !== undefined }];
}

// Where registers are shown they say it themselves.
function askedRows({ frames, witness, holds }: Film, at: number): readonly Row[] {
  const frame = frames[at];
  if (frame === undefined || frame.registers.length > 0 || witness.condition === '') return [];
  const isEnd = at > 0 && at === frames.length - 1;
  const text = `${witness.condition}: ${isEnd ? (holds ? 'yes' : 'no') : '-'}`;
  return [{ key: 'asked', text, changed: isEnd && holds }];
}

const PLACES: Readonly<Record<FilmMapping['place'], string>> = {
  linear: 'linear map',
  window: 'kernel mapping',
  user: 'page table',
};

function addressRows(
  film: Film,
  frame: FilmFrame,
  isChanged: (key: string) => boolean,
): readonly Row[] {
  const bits = film.geometry.addressBits;
  const used = film.mappings.filter((one) => one.used);
  const name = Math.max(0, ...used.map((m) => m.name.length));
  return frame.reach.flatMap(({ key, mapping, mapped }) => {
    const own = used.find((one) => one.key === mapping);
    const found = film.addresses.find((one) => one.mapping === mapping);
    if (own === undefined || found === undefined) return [];
    const { pageBytes } = film.geometry;
    const page = (address: number) => hex(address - (address % pageBytes), bits);
    const where = mapped ? page(found.physical) : 'not mapped';
    const how = `${PLACES[own.place]}${own.uncached ? ', uncached' : ''}`;
    const text = `${own.name.padEnd(name)} ${page(found.virtual)} \u2192 ${where}  ${how}`;
    return [{ key, text, changed: isChanged(key) }];
  });
}
