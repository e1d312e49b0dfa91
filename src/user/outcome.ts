// What an operation of a user comes to, in the words of the recordings of real kernels.

import { at } from '../base/index.ts';
import { errnoName } from '../kernel/index.ts';

/** A value of an outcome. */
export type OutcomeValue = string | number | boolean | null;

/**
 * The outcome of one operation: `rc` is 0, a count of bytes or -1; `errno` the name of the error;
 * other keys are those of the operation.
 */
export type Outcome = Readonly<Record<string, OutcomeValue>>;

/** `rc` of a C answer: the number itself, or -1 with the name of the error. */
export function outcomeOf(answer: number): Outcome {
  return answer < 0 ? { rc: -1, errno: errnoName(answer) } : { rc: answer };
}

/** Bytes run by run: `A*100,x00*28`; bytes that are no printable ASCII as `xHH`. */
export function runLength(bytes: Uint8Array): string {
  const runs: string[] = [];
  let start = 0;
  while (start < bytes.length) {
    const byte = at(bytes, start);
    let end = start + 1;
    while (end < bytes.length && at(bytes, end) === byte) end++;
    runs.push(`${byteName(byte)}*${end - start}`);
    start = end;
  }
  return runs.join(',');
}

/** The bytes of a run-length text; undefined where it is none. */
export function fromRunLength(text: string): Uint8Array | undefined {
  const runs = text.matchAll(/(x[0-9a-f]{2}|[^]?)\*(\d+)(?:,|$)/gy);
  const parts: { byte: number; count: number }[] = [];
  let read = 0;
  for (const [whole, name = '', count = '0'] of runs) {
    const byte = name.length === 3 ? Number.parseInt(name.slice(1), 16) : name.charCodeAt(0);
    parts.push({ byte, count: Number(count) });
    read += whole.length;
  }
  if (read !== text.length) return undefined;
  const bytes = new Uint8Array(parts.reduce((sum, { count }) => sum + count, 0));
  let start = 0;
  for (const { byte, count } of parts) {
    bytes.fill(byte, start, start + count);
    start += count;
  }
  return bytes;
}

function byteName(byte: number): string {
  const isPrintable = byte > 0x20 && byte < 0x7f;
  return isPrintable ? String.fromCharCode(byte) : `x${byte.toString(16).padStart(2, '0')}`;
}
