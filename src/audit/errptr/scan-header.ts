// The words before a brace at file level: the head of a function, or something else.

/** What the head of a definition tells. `at` is the offset of the name in it. */
export interface Header {
  readonly name: string;
  readonly at: number;
  readonly returnsPointer: boolean;
  readonly isStatic: boolean;
}

/**
 * Attributes that stand behind the parameters.
 * @source include/linux/compiler_types.h, compiler_attributes.h v6.12
 */
const attributes = new Set(
  `__acquires __releases __must_hold __cond_acquires __attribute__ __no_sanitize __printf __scanf
  __aligned __section __acquire __release __alloc_size __diag __malloc __counted_by __alias
  __must_hold_shared __no_sanitize_undefined asm __asm__ __releases_shared __acquires_shared
  __diagnose_as __overloadable`.split(/\s+/),
);

/** `transparent`: an `extern "C"` block, whose contents are at file level. */
export function readHeader(text: string): Header | 'transparent' | undefined {
  const head = blankComments(text);
  const tail = head.trimEnd();
  if (/^extern\s*"C"$/.test(tail.trim())) return 'transparent';
  const groups = parenGroups(head);
  if (groups === undefined) return undefined;
  let last = groups.length - 1;
  while (last > 0 && attributes.has(groups[last]?.word ?? '')) last--;
  const group = groups[last];
  if (group === undefined || group.word === '' || attributes.has(group.word)) return undefined;
  // Behind the parameters only attributes may follow; old style declarations end in a semicolon.
  if (!/^[\w\s]*$/.test(head.slice(group.end, groups[last + 1]?.at ?? head.length))) {
    return undefined;
  }
  if (/^(?:if|while|for|switch|do|else|struct|union|enum)$/.test(group.word)) return undefined;
  const before = wordsBefore(head, groups.slice(0, last), group.at);
  if (/[=;]|\btypedef\b/.test(before)) return undefined;
  return {
    name: group.word,
    at: group.at,
    returnsPointer: before.includes('*'),
    isStatic: /\b(?:static|STATIC)\b/.test(before),
  };
}

/** What stands before the name outside of parentheses. */
function wordsBefore(head: string, groups: readonly Group[], at: number): string {
  let words = '';
  let from = 0;
  for (const group of groups) {
    words += `${head.slice(from, group.at)} `;
    from = group.end;
  }
  return words + head.slice(from, at);
}

interface Group {
  /** The word before the parenthesis, and its offset. */
  readonly word: string;
  readonly at: number;
  /** Behind the closing parenthesis. */
  readonly end: number;
}

/** Outermost parentheses; undefined where they do not match or something is assigned. */
function parenGroups(head: string): readonly Group[] | undefined {
  const groups: Group[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < head.length; i++) {
    const char = head[i];
    if (char === '(') {
      if (depth++ === 0) from = i;
    } else if (char === ')') {
      if (--depth < 0) return undefined;
      if (depth === 0) groups.push(groupAt(head, from, i + 1));
    } else if (char === '=' && depth === 0) return undefined;
  }
  return depth === 0 ? groups : undefined;
}

function groupAt(head: string, from: number, end: number): Group {
  let to = from;
  while (to > 0 && /\s/.test(head[to - 1] ?? '')) to--;
  let at = to;
  while (at > 0 && /\w/.test(head[at - 1] ?? '')) at--;
  const word = head.slice(at, to);
  return { word: /^\d/.test(word) ? '' : word, at, end };
}

/** Comments and preprocessor lines as spaces, of the same length. */
function blankComments(text: string): string {
  if (!/[#]|\/[/*]/.test(text)) return text;
  return text.replace(/\/\*[^]*?\*\/|\/\/[^\n]*|^[ \t]*#(?:[^\n\\]|\\[^])*/gm, (found) =>
    found.replace(/[^\n]/g, ' '),
  );
}
