// The little of sh's language that command lines of recordings use: lists, pipelines, quotes,
// variables, command substitution, redirections.

/** A part of a word: text, a variable, or what a command prints. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'output'; readonly script: string };

/** A word before expansion. */
export type Word = readonly WordPart[];

/** A command with its redirections. */
export interface Command {
  readonly words: readonly Word[];
  /** `> file`. */
  readonly stdout?: Word;
  /** `2>/dev/null`. */
  readonly discardsErrors: boolean;
}

/** Commands joined by `|`, and when they run: after success or failure of what stands before. */
export interface Pipeline {
  readonly when: 'always' | 'success' | 'failure';
  readonly commands: readonly Command[];
}

type Token =
  | { readonly kind: 'word'; readonly word: Word }
  | { readonly kind: 'sign'; readonly sign: string };

/** A script as a list of pipelines, or what stands in it that is not understood. */
export function parseScript(script: string): readonly Pipeline[] | string {
  const tokens = tokensOf(script);
  if (typeof tokens === 'string') return tokens;
  const pipelines: Pipeline[] = [];
  let when: Pipeline['when'] = 'always';
  let commands: Command[] = [];
  let current: Token[] = [];
  const endCommand = (): string | undefined => {
    if (current.length === 0) return undefined;
    const command = commandOf(current);
    if (typeof command === 'string') return command;
    commands.push(command);
    current = [];
    return undefined;
  };
  for (const token of [...tokens, { kind: 'sign', sign: ';' } as const]) {
    if (token.kind === 'word' || token.sign === '>' || token.sign === '2>') {
      current.push(token);
      continue;
    }
    const wrong = endCommand();
    if (wrong !== undefined) return wrong;
    if (token.sign === '|') continue;
    if (commands.length > 0) pipelines.push({ when, commands });
    commands = [];
    when = token.sign === '||' ? 'failure' : token.sign === '&&' ? 'success' : 'always';
  }
  return pipelines;
}

function commandOf(tokens: readonly Token[]): Command | string {
  const words: Word[] = [];
  let stdout: Word | undefined;
  let discardsErrors = false;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined) break;
    if (token.kind === 'word') {
      words.push(token.word);
      continue;
    }
    const target = tokens[++i];
    if (target?.kind !== 'word') return `'${token.sign}' without a file`;
    if (token.sign === '2>') discardsErrors = true;
    else stdout = target.word;
  }
  return { words, discardsErrors, ...(stdout === undefined ? {} : { stdout }) };
}

function tokensOf(script: string): readonly Token[] | string {
  const tokens: Token[] = [];
  let at = 0;
  while (at < script.length) {
    const rest = script.slice(at);
    const space = /^[ \t]+/.exec(rest);
    const sign = /^(?:\|\||&&|2>|[;|>\n])/.exec(rest);
    if (space !== null) at += space[0].length;
    else if (sign !== null) {
      tokens.push({ kind: 'sign', sign: sign[0] === '\n' ? ';' : sign[0] });
      at += sign[0].length;
    } else {
      const read = readWord(script, at);
      if (typeof read === 'string') return read;
      tokens.push({ kind: 'word', word: read.word });
      at = read.end;
    }
  }
  return tokens;
}

function readWord(
  script: string,
  start: number,
): { readonly word: Word; readonly end: number } | string {
  const word: WordPart[] = [];
  let at = start;
  while (at < script.length && !/[\s;|>]/.test(script.charAt(at)) && !script.startsWith('&&', at)) {
    const rest = script.slice(at);
    const quoted = /^'([^']*)'|^"([^"$`\\]*)"/.exec(rest);
    const variable = /^\$([A-Za-z_]\w*)/.exec(rest);
    if (quoted !== null) {
      word.push({ kind: 'text', text: quoted[1] ?? quoted[2] ?? '' });
      at += quoted[0].length;
    } else if (rest.startsWith('$(')) {
      const end = closing(script, at + 1);
      if (end === undefined) return `'$(' without ')'`;
      word.push({ kind: 'output', script: script.slice(at + 2, end) });
      at = end + 1;
    } else if (variable !== null) {
      word.push({ kind: 'variable', name: variable[1] ?? '' });
      at += variable[0].length;
    } else if (/^["'$`\\&<(){}*?[]/.test(rest)) {
      return `'${rest.charAt(0)}' is not understood`;
    } else {
      word.push({ kind: 'text', text: rest.charAt(0) });
      at++;
    }
  }
  return { word, end: at };
}

/** Index of the parenthesis that closes the one at `open`. */
function closing(script: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < script.length; at++) {
    if (script.charAt(at) === '(') depth++;
    if (script.charAt(at) === ')') depth--;
    if (depth === 0) return at;
  }
  return undefined;
}
