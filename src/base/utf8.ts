// Lengths of texts as files have them.

/** Bytes of a text in UTF-8; a lone surrogate counts as the three of its replacement. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += 1 + [0x7f, 0x7ff, 0xffff].filter((limit) => code > limit).length;
  }
  return bytes;
}
