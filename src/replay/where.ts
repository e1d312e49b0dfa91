// Where a wrong answer comes from: copies of the bytes in caches that differ from memory.

import { type User, physicalOf, physicalOfFile } from '../user/index.ts';
import type { RecordedStep } from './scenario.ts';

/** A copy of a line that does not hold what memory or another copy holds. */
export interface CopyNote {
  /** Physical and virtual address of the line, in bytes. */
  readonly paddr: number;
  readonly vaddr: number;
  readonly colour: number;
  readonly dirty: boolean;
}

/** Copies of one line at most that are told about. */
const COPY_LIMIT = 4;

/**
 * Copies of the first line in which the caches disagree, of the bytes that a step accessed; empty
 * where no line has two different contents.
 */
export function copiesBehind(user: User, step: RecordedStep): readonly CopyNote[] {
  const range = rangeOf(user, step);
  if (range === undefined) return [];
  const { machine } = user.linux;
  const lineBytes = machine.machine.dcache?.lineBytes ?? 0;
  if (lineBytes === 0) return [];
  const first = range.paddr - (range.paddr % lineBytes);
  for (let paddr = first; paddr < range.paddr + range.length; paddr += lineBytes) {
    const copies = machine.lines(paddr, lineBytes);
    const memory = machine.memory.read(paddr, lineBytes);
    const isOdd = copies.some(({ bytes }) => bytes.some((byte, place) => byte !== memory[place]));
    if (!isOdd) continue;
    return copies.slice(0, COPY_LIMIT).map(({ vaddr, colour, dirty }) => ({
      paddr,
      vaddr,
      colour,
      dirty,
    }));
  }
  return [];
}

function rangeOf(
  user: User,
  { op, args }: RecordedStep,
): { readonly paddr: number; readonly length: number } | undefined {
  const offset = numberOf(args['offset']);
  const length = Math.min(numberOf(args['length']), user.linux.PAGE_SIZE);
  if (op === 'load') {
    const mapping = user.mappings.get(String(args['map']));
    const paddr = mapping && physicalOf(user, mapping.address + offset);
    return paddr === undefined ? undefined : { paddr, length };
  }
  if (op !== 'pread') return undefined;
  const file = user.files.get(String(args['fd']));
  const paddr = file && physicalOfFile(user, file, offset);
  return paddr === undefined ? undefined : { paddr, length };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
