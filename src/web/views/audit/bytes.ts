// The bytes of a file as text, read piece by piece so that progress can be told; and what bytes
// are that are no text.

import { fail, ok, type Result } from '../../../base/index.ts';
import { AUDIT_HINT } from '../../../forms/index.ts';

/** Larger files are refused: in bytes. */
export const MOST_BYTES = 64 * 1024 * 1024;

/** The text of a file in UTF-8; `onPart` hears which share of it was read. */
export async function textOf(
  file: Blob,
  name: string,
  onPart: (share: number) => void,
): Promise<Result<string>> {
  if (file.size > MOST_BYTES) {
    const most = megabytes(MOST_BYTES);
    const what = `the file has ${megabytes(file.size)}, at most ${most} are read here`;
    const hint =
      'make it smaller: dachs audit TREE --types TYPE,TYPE --json, or one run of the log';
    return fail({ what, where: name, hint });
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = file.stream().getReader();
  const parts: string[] = [];
  let done = 0;
  try {
    for (;;) {
      const part = await reader.read();
      if (part.done) break;
      const known = done === 0 ? binaryKind(part.value) : undefined;
      if (known !== undefined) return fail({ ...known, where: name });
      parts.push(decoder.decode(part.value, { stream: true }));
      done += part.value.length;
      onPart(done / file.size);
    }
    parts.push(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const what = `not a text: after some ${done} bytes it is no UTF-8`;
    return fail({ what, where: name, hint: AUDIT_HINT });
  }
  const text = parts.join('');
  const zero = text.indexOf('\0');
  if (zero < 0) return ok(text);
  return fail({ what: `not a text: letter ${zero + 1} is zero`, where: name, hint: AUDIT_HINT });
}

const MAGIC: readonly (readonly [bytes: readonly number[], what: string, hint: string])[] = [
  [[0x1f, 0x8b], 'it is packed by gzip', 'unpack it first: gunzip'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'it is packed by zstd', 'unpack it first: unzstd'],
  [[0xfd, 0x37, 0x7a], 'it is packed by xz', 'unpack it first: unxz'],
  [[0x50, 0x4b, 0x03, 0x04], 'it is a zip archive', 'unpack it, and open the file inside'],
  [[0xff, 0xfe], 'it is UTF-16', 'write it as UTF-8'],
  [[0xfe, 0xff], 'it is UTF-16', 'write it as UTF-8'],
  [[0x7f, 0x45, 0x4c, 0x46], 'it is a program', AUDIT_HINT],
  [[0x89, 0x50, 0x4e, 0x47], 'it is a picture', AUDIT_HINT],
];

function binaryKind(start: Uint8Array) {
  const found = MAGIC.find(([bytes]) => bytes.every((byte, i) => start[i] === byte));
  if (found === undefined) return undefined;
  const [, what, hint] = found;
  return { what: `not a text: ${what}`, hint };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
