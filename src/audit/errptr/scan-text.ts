// What a scanner of C skips as a whole.

/** Behind the comment that begins at `at`; `at` itself where none begins. */
export function skipComment(text: string, at: number): number {
  const next = text.charCodeAt(at + 1);
  if (next === 42) {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? text.length : end + 2;
  }
  if (next !== 47) return at;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** Behind the string or character that begins at `at`; it ends at the end of its line at most. */
export function skipQuoted(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === quote) return i + 1;
    if (code === 92) i++;
    else if (code === 10) return i;
  }
  return text.length;
}

/** The line end behind `at` of a preprocessor line with its continuations and comments. */
export function lineEnd(text: string, at: number): number {
  let from = at;
  for (;;) {
    const end = text.indexOf('\n', from);
    if (end < 0) return text.length;
    const comment = text.slice(from, end).indexOf('/*');
    if (comment >= 0 && !isInString(text, from, from + comment)) {
      const close = text.indexOf('*/', from + comment + 2);
      if (close < 0) return text.length;
      from = close + 2;
      continue;
    }
    const last = text.charCodeAt(end - 1) === 13 ? end - 2 : end - 1;
    if (text.charCodeAt(last) !== 92) return end;
    from = end + 1;
  }
}

function isInString(text: string, from: number, to: number): boolean {
  let quotes = 0;
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code === 92) i++;
    else if (code === 34) quotes++;
  }
  return quotes % 2 === 1;
}
