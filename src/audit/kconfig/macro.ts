// The macro language: variables, functions, the environment. Expands texts in the order in which
// conf would read them, and asks the profile where conf would ask the shell.
// @source Documentation/kbuild/kconfig-macro-language.rst, scripts/kconfig/preprocess.c v6.12

import { closingParen, isWordCode } from './lex.ts';
import type { Piece } from './lex.ts';
import { answer } from './profile.ts';
import type { Assumption, Profile } from './profile.ts';

/** Calls that may be open at once; above what a variable may do by itself. */
export const maxMacroDepth = 1100;
/** Times that a variable may be open at once. */
export const maxVariableDepth = 1000;
/** Parts of one call: the name and its arguments. */
export const maxMacroParts = 16;
/** Calls that one line may make in total; stops definitions that double at each level. */
export const maxMacroCalls = 20_000;
/** Characters that one expansion may have. */
export const maxMacroText = 100_000;

/** Thrown inside the reader only; read.ts turns it into a Problem with its place. */
export class MacroError extends Error {
  override name = 'MacroError';
}

/** What macros can see and leave behind while one port is read. */
export interface MacroHost {
  readonly environment: Readonly<Record<string, string>>;
  readonly profile: Profile;
  /** Kernels before 4.18 knew no macros but replaced `$NAME` by the environment. */
  readonly dollarNames: boolean;
  /** Called for `$(info)`, which conf prints to stdout, and `$(warning-if)`: to stderr. */
  readonly remark: (kind: 'info' | 'warning-if', text: string, line: number) => void;
  /** Called for every answer that is no mere computation. */
  readonly assumed: (assumption: Assumption) => void;
}

interface Variable {
  readonly recursive: boolean;
  readonly value: string;
}

/** The variables of one reading run. */
export class Macros {
  private readonly host: MacroHost;
  private readonly variables = new Map<string, Variable>();
  private readonly open = new Map<string, number>();
  private file = '';
  private line = 0;
  private says = 0;
  private outermost = '';
  private depth = 0;
  private calls = 0;

  constructor(host: MacroHost) {
    this.host = host;
  }

  /**
   * Says where the following expansions stand, and which line conf gives for them: it has read on
   * where it assigns.
   */
  place(file: string, line: number, says: number): void {
    this.file = file;
    this.line = line;
    this.says = says;
    this.calls = 0;
    this.depth = 0;
  }

  /** The text of a word or string with macros in it. */
  expand(pieces: readonly Piece[]): string {
    const parts = pieces.map((piece) => {
      if (typeof piece === 'string') return piece;
      if ('unclosed' in piece) throw unclosed(piece.unclosed);
      this.outermost = piece.macro;
      return this.call(piece.macro, []);
    });
    return parts.join('');
  }

  /** A path with `$NAME` in it, as kernels before 4.18 wrote it; unchanged for later ones. */
  path(text: string): string {
    if (!this.host.dollarNames) return text;
    return text.replace(/\$([A-Za-z_][A-Za-z0-9_]*)/g, (_, name: string) => this.environment(name));
  }

  /** `name = value`, `name := value`, `name += value`. */
  assign(name: string, op: '=' | ':=' | '+=', value: string): void {
    const old = this.variables.get(name);
    const recursive = op === '+=' ? (old?.recursive ?? true) : op === '=';
    this.outermost = value;
    const text = recursive ? value : this.text(value, []);
    const joined = op === '+=' && old !== undefined ? `${old.value} ${text}` : text;
    if (joined.length > maxMacroText) throw new MacroError(`the variable ${name} grows too long`);
    this.variables.set(name, { recursive, value: joined });
  }

  private environment(name: string): string {
    const { environment } = this.host;
    return Object.hasOwn(environment, name) ? (environment[name] ?? '') : '';
  }

  // Replaces every `$(...)` in a text.
  private text(text: string, args: readonly string[]): string {
    let out = '';
    let from = 0;
    for (;;) {
      const sign = text.indexOf('$(', from);
      if (sign < 0) break;
      const end = closingParen(text, sign + 2, text.length);
      if (end < 0) throw unclosed(text.slice(sign + 2));
      out += text.slice(from, sign) + this.call(text.slice(sign + 2, end), args);
      if (out.length > maxMacroText) throw new MacroError('a macro expands to too long a text');
      from = end + 1;
    }
    return out + text.slice(from);
  }

  private call(clause: string, args: readonly string[]): string {
    this.calls += 1;
    if (this.depth >= maxMacroDepth) throw new MacroError('Too deep recursive expansion');
    if (this.calls > maxMacroCalls) throw new MacroError('macros call each other too often');
    // As strtoul() reads numbers.
    if (/^[ \t\v\f\r]*\+?[0-9]+$/.test(clause)) {
      const index = Number(clause);
      const value = index > 0 ? args[index - 1] : undefined;
      if (value !== undefined) return value;
    }
    this.depth += 1;
    const [first = '', ...rest] = splitArguments(clause);
    if (rest.length >= maxMacroParts) throw new MacroError('too many function arguments');
    const name = this.text(first, args);
    const values = rest.map((part) => this.text(part, args));
    const result = this.apply(name, values);
    this.depth -= 1;
    return result;
  }

  private apply(name: string, args: readonly string[]): string {
    const variable = this.variables.get(name);
    if (variable !== undefined) return this.variable(name, variable, args);
    const builtin = this.builtin(name, args);
    if (builtin !== undefined) return builtin;
    return args.length === 0 ? this.environment(name) : '';
  }

  private variable(name: string, variable: Variable, args: readonly string[]): string {
    if (!variable.recursive) return variable.value;
    const open = this.open.get(name) ?? 0;
    if (args.length === 0 && open > 0) {
      throw new MacroError(`Recursive variable '${name}' references itself (eventually)`);
    }
    if (open > maxVariableDepth) throw new MacroError('Too deep recursive expansion');
    this.open.set(name, open + 1);
    const result = this.text(variable.value, args);
    this.open.set(name, open);
    return result;
  }

  private builtin(name: string, args: readonly string[]): string | undefined {
    const [a = '', b = ''] = args;
    switch (name) {
      case 'error-if':
        this.count(name, args, 2);
        if (a === 'y') throw new MacroError(b);
        return '';
      case 'warning-if':
        this.count(name, args, 2);
        if (a === 'y') this.host.remark('warning-if', b, this.says);
        return '';
      case 'info':
        this.count(name, args, 1);
        this.host.remark('info', a, this.says);
        return '';
      case 'filename':
        this.count(name, args, 0);
        return this.file;
      case 'lineno':
        this.count(name, args, 0);
        return String(this.says);
      case 'shell':
        this.count(name, args, 1);
        return this.shell(a);
      default:
        return undefined;
    }
  }

  private count(name: string, args: readonly string[], wanted: number): void {
    if (args.length === wanted) return;
    const how = args.length < wanted ? 'few' : 'many';
    throw new MacroError(`too ${how} function arguments passed to '${name}'`);
  }

  private shell(command: string): string {
    const { output, basis } = answer(command, this.host.profile);
    if (basis !== 'computed') {
      const { file, line, outermost: macro } = this;
      this.host.assumed({ macro, command, answer: output, basis, file, line });
    }
    return output;
  }
}

function unclosed(text: string): MacroError {
  return new MacroError(`unterminated reference to '${text}': missing ')'`);
}

// Splits at commas outside parentheses, before anything is expanded.
function splitArguments(clause: string): string[] {
  const parts: string[] = [];
  let nest = 0;
  let from = 0;
  for (let i = 0; i < clause.length; i += 1) {
    const char = clause[i];
    if (char === '(') nest += 1;
    else if (char === ')') nest -= 1;
    else if (char === ',' && nest === 0) {
      parts.push(clause.slice(from, i));
      from = i + 1;
    }
  }
  parts.push(clause.slice(from));
  return parts;
}

/** True where a text can stand as an unquoted word. */
export function isBareWord(text: string): boolean {
  if (text === '') return false;
  for (let i = 0; i < text.length; i += 1) if (!isWordCode(text.charCodeAt(i))) return false;
  return true;
}
