// Which bytes of memory are followed through the caches: the cells of the test's pages, wherever
// they are or may come to be.

import { at, fail, ok, present, type Result } from '../base/index.ts';
import type { File } from '../kernel/index.ts';
import { FRAMES_APART } from '../scenario/index.ts';
import { mediumOfFile, physicalOfFile } from '../user/index.ts';
import { type Bench, offsetInPage, openName } from './bench.ts';
import { giveBlocks, openFile } from './files.ts';

/** One followed byte. */
export interface FollowedCell {
  readonly line: string;
  readonly cell: number;
  readonly paddr: number;
  /** `medium`: of the device, what a crash leaves. `ram`: of the page cache. */
  readonly where: 'medium' | 'ram';
  /** Where the cell may come to be when the file changes its mode. */
  readonly isOther?: true;
}

/**
 * The cells of the test's files. `rehearse` makes the same system once more: what a file without
 * blocks will get is found by giving it to the other one.
 */
export function followedCells(
  bench: Bench,
  rehearse: () => Result<Bench>,
): Result<readonly FollowedCell[]> {
  const found: FollowedCell[] = [];
  for (const file of bench.stack.files) {
    const bare = file.options.has('hole') || file.options.has('empty');
    const place = bare || file.options.has('cold') ? rehearsed(file.name, rehearse) : ok(bench);
    if (!place.ok) return place;
    for (const [index, page] of file.pages.entries()) {
      const frame = frameOf(place.value, file.name, index);
      if (frame === undefined) return fail({ what: `page ${page} of ${file.name} has no place` });
      const frames = [frame, ...otherFrames(place.value, file.name, { index, first: frame })];
      for (const line of bench.program.lines.filter((one) => one.page === page)) {
        for (const cell of line.cells.keys()) {
          const within = offsetInPage(bench, line.name, cell);
          for (const { paddr, ...frame } of frames) {
            found.push({ line: line.name, cell, paddr: paddr + within, ...frame });
          }
        }
      }
    }
  }
  return ok(found);
}

function rehearsed(name: string, rehearse: () => Result<Bench>): Result<Bench> {
  const again = rehearse();
  if (!again.ok) return again;
  const bench = again.value;
  const declared = present(
    bench.stack.files.find((one) => one.name === name),
    'file',
  );
  if (!declared.options.has('cold')) giveBlocks(bench, declared);
  return ok(bench);
}

function opened(bench: Bench, name: string): File | undefined {
  const known = bench.open.get(openName(name, 0));
  if (known) return known;
  const declared = bench.stack.files.find((one) => one.name === name);
  const file = declared && openFile(bench, declared, 0);
  return typeof file === 'object' ? file : undefined;
}

/** Page frames that a thread gets first: as many as it needs for a page that it reads twice. */
const FRAMES = 2;

/** Where the page may be too, once a thread has changed the mode of its file. */
function otherFrames(
  bench: Bench,
  name: string,
  { index, first }: { readonly index: number; readonly first: Frame },
): readonly (Frame & { readonly isOther: true })[] {
  const { linux, user, program } = bench;
  if (!JSON.stringify(program.threads).includes('"op":"chattr"')) return [];
  const { PAGE_SIZE, ram } = linux;
  const file = opened(bench, name);
  const medium = file && mediumOfFile(user, file, index * PAGE_SIZE);
  const frames = program.threads.flatMap((_, thread) =>
    Array.from({ length: FRAMES }, (__, n) => ram.next + thread * FRAMES_APART + n),
  );
  const all = [
    ...(medium === undefined ? [] : [{ paddr: medium, where: 'medium' } as const]),
    ...[...ram.free.slice(-FRAMES), ...frames].map(
      (frame) => ({ paddr: frame * PAGE_SIZE, where: 'ram' }) as const,
    ),
  ];
  return all
    .filter(({ paddr }) => paddr !== first.paddr)
    .map((frame) => ({ ...frame, isOther: true }));
}

type Frame = Pick<FollowedCell, 'paddr' | 'where'>;

function frameOf(bench: Bench, name: string, index: number): Frame | undefined {
  const { linux, user } = bench;
  const file = opened(bench, name);
  if (file === undefined) return undefined;
  const { i_mapping } = file.f_inode;
  const isCached = i_mapping.i_pages.peek(index)?.kind === 'folio';
  const paddr = physicalOfFile(user, file, index * linux.PAGE_SIZE);
  if (paddr !== undefined) return { paddr, where: isCached ? 'ram' : 'medium' };
  // Not in the page cache yet: the frames that will be given out next, in order.
  const { free, next } = linux.ram;
  const frame = at([...free].toReversed().concat([next, next + 1, next + 2]), index);
  return { paddr: frame * linux.PAGE_SIZE, where: 'ram' };
}
