// Texts in links: deflated, then base64 with the letters that need no escape in a fragment.

/** The text as letters, digits, `-` and `_`. */
export async function packText(text: string): Promise<string> {
  const bytes = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(text));
  const binary = Array.from(bytes, (byte) => String.fromCodePoint(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** The text that was packed; undefined where the letters are damaged or cut off. */
export async function unpackText(packed: string): Promise<string | undefined> {
  try {
    const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (letter) => letter.codePointAt(0) ?? 0);
    const text = await through(new DecompressionStream('deflate-raw'), bytes);
    return new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch {
    return undefined;
  }
}

/** A packed text that unpacks to more than this is refused: in bytes. */
const MOST = 1_000_000;

/** Whether a text can go into a link and come back. */
export function fitsLink(text: string): boolean {
  return text.length <= MOST && new TextEncoder().encode(text).length <= MOST;
}

async function through(
  stream: GenericTransformStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  const blob = new Blob([bytes]);
  const reader = blob.stream().pipeThrough(stream).getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const part: { readonly done: boolean; readonly value?: unknown } = await reader.read();
    if (part.done) break;
    const { value } = part;
    if (!(value instanceof Uint8Array)) throw new TypeError('bytes are expected');
    size += value.length;
    if (size > MOST) throw new RangeError('too long');
    chunks.push(value);
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
