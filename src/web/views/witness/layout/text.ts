// How wide texts are in a drawing, and how numbers are written. All texts of a drawing are in one
// font of equal widths, so that boxes can be made to fit without asking the browser.

/** Height of letters in the drawings, in their units. */
export const FONT = 13;

/** Width of a letter of that height; the widest of the usual fonts has 0.602 of it. */
const LETTER = 0.61;

/** Width of a text in letters of `size`. */
export function widthOf(text: string, size: number = FONT): number {
  return Math.ceil(text.length * size * LETTER);
}

/** The width of the widest text. */
export function widest(texts: readonly string[], size: number = FONT): number {
  return Math.max(0, ...texts.map((text) => widthOf(text, size)));
}

/** An address in hexadecimal, with as many digits as it has bits for. */
export function hex(value: number, bits: number): string {
  return `0x${value.toString(16).padStart(Math.ceil(bits / 4), '0')}`;
}

/** `one`, `two`, ... for the small numbers that sentences have. */
export function countWord(count: number): string {
  return ['no', 'one', 'two', 'three', 'four', 'five', 'six'][count] ?? String(count);
}

/** `128 sets`, `1 set`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
