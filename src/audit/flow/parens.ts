// Calls found in plain text, where no syntax tree shows them.

/** Longest call that is looked at, in characters. */
const LONGEST = 20_000;

/** What stands between the parentheses that open at `open`, cut at its commas. */
export interface Parens {
  readonly args: readonly { readonly text: string; readonly at: number }[];
  /** Offset behind the closing parenthesis. */
  readonly end: number;
}

/** Reads the call whose parenthesis opens at `open`; undefined where it never closes. */
export function parensAt(text: string, open: number): Parens | undefined {
  const args: { text: string; at: number }[] = [];
  let depth = 0;
  let from = open + 1;
  const last = Math.min(text.length, open + LONGEST);
  for (let i = open; i < last; i++) {
    const char = text[i] ?? '';
    if (char === '"' || char === "'") {
      i = endOfQuoted(text, i, last);
    } else if (char === '(' || char === '{' || char === '[') {
      depth++;
    } else if (char === ')' || char === '}' || char === ']') {
      depth--;
      if (depth > 0) continue;
      if (char !== ')') return undefined;
      pushArgument(args, text, from, i);
      return { args: args.length === 1 && args[0]?.text === '' ? [] : args, end: i + 1 };
    } else if (char === ',' && depth === 1) {
      pushArgument(args, text, from, i);
      from = i + 1;
    }
  }
  return undefined;
}

function pushArgument(
  args: { text: string; at: number }[],
  text: string,
  from: number,
  to: number,
): void {
  const raw = text.slice(from, to);
  args.push({ text: raw.trim(), at: from + raw.length - raw.trimStart().length });
}

function endOfQuoted(text: string, from: number, last: number): number {
  const quote = text[from];
  for (let i = from + 1; i < last; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === quote || text[i] === '\n') return i;
  }
  return last;
}
