// Which bytes of memory are followed through the caches: the cells of the test's pages, wherever
// they are or may come to be.

import { at, fail, ok, present, type Result } from '../base/index.ts';
import type { File } from '../kernel/index.ts';
import { physicalOfFile } from '../user/index.ts';
import { type Bench, offsetInPage, openName } from './bench.ts';
import { giveBlocks, openFile } from './files.ts';

/** One followed byte. */
export interface FollowedCell {
  readonly line: string;
  readonly cell: number;
  readonly paddr: number;
  /** `medium`: of the device, what a crash leaves. `ram`: of the page cache. */
  readonly where: 'medium' | 'ram';
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
      for (const line of bench.program.lines.filter((one) => one.page === page)) {
        for (const cell of line.cells.keys()) {
          const paddr = frame.paddr + offsetInPage(bench, line.name, cell);
          found.push({ line: line.name, cell, paddr, where: frame.where });
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

function frameOf(
  bench: Bench,
  name: string,
  index: number,
): Pick<FollowedCell, 'paddr' | 'where'> | undefined {
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
