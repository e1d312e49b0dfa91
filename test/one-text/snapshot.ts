// The kernel's objects as text: what two runs leave must be the same.

import { type Linux, Lock, Shared } from '../../src/kernel/index.ts';

/** Every table, lock and plain object that can be reached, one line for each thing it holds. */
export function snapshot(linux: Linux, roots: readonly object[]): readonly string[] {
  const numbers = new Map<object, number>();
  const queue: { readonly object: object; readonly path: string }[] = [];
  const nameOf = (value: unknown, path: string): string => {
    if (typeof value === 'function') return 'a function';
    if (typeof value !== 'object' || value === null) {
      return typeof value === 'string' ? JSON.stringify(value) : String(value);
    }
    if (ArrayBuffer.isView(value)) return `bytes ${hashOf(value)}`;
    if (value === linux.machine) return 'the machine';
    const known = numbers.get(value);
    if (known !== undefined) return `#${known}`;
    numbers.set(value, numbers.size);
    queue.push({ object: value, path });
    return `#${numbers.size - 1}`;
  };
  for (const [i, root] of [linux, ...roots].entries()) nameOf(root, `root ${i}`);
  const lines: string[] = [];
  for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
    const { object, path } = one;
    for (const [key, value] of contentsOf(object)) {
      lines.push(`${path}.${key} = ${nameOf(value, `${path}.${key}`)}`);
    }
  }
  return lines;
}

function contentsOf(object: object): readonly (readonly [string, unknown])[] {
  if (object instanceof Shared) {
    const entries: Iterable<readonly [number, unknown]> = object.entries();
    return [...entries]
      .toSorted(([a], [b]) => a - b)
      .map(([key, value]) => [`${object.name} [${key}]`, value]);
  }
  if (object instanceof Lock) return [[object.name, object.isHeld]];
  if (object instanceof Map) {
    const entries: readonly (readonly [unknown, unknown])[] = [...object];
    return entries.flatMap(([key, value], i) => [
      [`key ${i}`, key],
      [`value ${i}`, value],
    ]);
  }
  if (object instanceof Set) {
    const members: readonly unknown[] = [...object];
    return members.map((member, i) => [`member ${i}`, member]);
  }
  return Object.entries(object);
}

function hashOf(view: ArrayBufferView): number {
  let hash = 0x811c9dc5;
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
