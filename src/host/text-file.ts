// Files that a user names and that Dachs itself once wrote: read whole, up to a limit.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fail, ok, type Result } from '../base/index.ts';
import { reasonOf } from './reason.ts';
import { untilInterrupted } from './waiting.ts';

/** Bytes above which a file is refused; the largest answer of ours is a few MiB. */
const maxFileBytes = 64 * 1024 * 1024;

/** Bytes of one read; a pipe gives fewer. */
const chunkBytes = 1 << 16;

const STDIN = 0;

/**
 * Text of a file, or of stdin, which is called `-`; `what` names the kind in the Problem, e.g.
 * `fact file`. Devices and pipes are read as far as the limit. What is no UTF-8 is refused: written
 * back, it would not be the same file.
 */
export function readTextFile(file: string, what: string, hint: string): Result<string> {
  const refused = (why: string, instead = hint): Result<string> =>
    fail({ what: `cannot read the ${what}: ${why}`, where: file, hint: instead });
  try {
    const bytes = untilInterrupted(() => bytesOf(file));
    if (typeof bytes === 'number') {
      const size = bytes === 0 ? 'it goes on' : `${bytes} bytes`;
      return refused(`${size}, more than ${maxFileBytes} are not read`);
    }
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const wrong = Buffer.from(text).equals(bytes) ? undefined : placeOfWrongByte(text);
    if (wrong) return refused(`it is no UTF-8, from ${wrong} on`, 'save it as ASCII or UTF-8');
    return ok(text);
  } catch (error) {
    return refused(reasonOf(error));
  }
}

/** The bytes; where they are too many their number, 0 if nobody knows it. */
function bytesOf(file: string): Buffer | number {
  const descriptor = file === '-' ? STDIN : openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    return size > maxFileBytes ? size : (upToLimit(descriptor) ?? 0);
  } finally {
    if (descriptor !== STDIN) closeSync(descriptor);
  }
}

function upToLimit(descriptor: number): Buffer | undefined {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total <= maxFileBytes) {
    const chunk = Buffer.alloc(chunkBytes);
    const count = readSync(descriptor, chunk);
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, count));
    total += count;
  }
  return undefined;
}

// The first replacement stands where the first wrong byte was, or is one that the file has itself
// before it: then the place is a little early.
function placeOfWrongByte(text: string): string {
  const before = text.slice(0, text.indexOf('\uFFFD')).split('\n');
  return `line ${before.length}`;
}
