// Text layout shared by all reports: 72 columns, ASCII, the same bytes on a terminal and in a file.
// Tables stand in table.ts: the library behind them is not loaded where there are none.

import { at } from '../base/index.ts';

/** Columns of a line of prose. */
export const WIDTH = 72;

/** Breaks a sentence into lines of at most WIDTH columns, all indented by `indent` spaces. */
export function wrap(text: string, indent = 0, hanging = indent): readonly string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  for (const word of text.split(/\s+/).filter((w) => w.length > 0)) {
    const fresh = line.trim().length === 0;
    if (!fresh && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(hanging) + word;
      continue;
    }
    line += fresh ? word : ` ${word}`;
  }
  if (line.trim().length > 0) lines.push(line);
  return lines;
}

/** `label   text`, the text wrapped beside its label; `width` is the label's column. */
export function labelled(label: string, text: string, width = 12): readonly string[] {
  const lines = wrap(text, width);
  if (lines.length === 0) return [label];
  const first = at(lines, 0).slice(width);
  return [`${label.padEnd(width - 1)} ${first}`, ...lines.slice(1)];
}

/** `4K`, `16K`, `1M`, or plain bytes. */
export function bytesText(bytes: number): string {
  if (bytes >= 1 << 20 && bytes % (1 << 18) === 0) return `${bytes / (1 << 20)}M`;
  return bytes >= 1024 && bytes % 1024 === 0 ? `${bytes / 1024}K` : `${bytes}`;
}
