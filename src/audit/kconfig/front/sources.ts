// The lines of the Kconfig files in the order in which conf reads them: into each file that is
// sourced, and back.
// @source scripts/kconfig/lexer.l zconf_nextfile(), zconf_endfile() v6.1, v6.12

import { at } from '../../../base/index.ts';
import type { PortConfig } from '../../ports.ts';
import { lexLine } from '../lex.ts';
import type { LexedLine, Token } from '../lex.ts';
import { Lines } from '../lines.ts';
import type { ReadListener } from '../lines.ts';
import type { ChoiceRules, KconfigNote } from '../model.ts';
import type { NameTable } from '../names.ts';
import type { Profile } from '../profile.ts';
import { maxSourceDepth } from '../read.ts';

/** What conf finds around it. */
export interface ParseSetting {
  readonly rules: ChoiceRules;
  readonly version: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly profile: Profile;
  /** Text of a Kconfig file by the name that is written; undefined where it cannot be opened. */
  readonly read: (name: string) => string | undefined;
  readonly listener: ReadListener;
}

/** A file that is being read. */
export interface OpenSource {
  readonly path: string;
  readonly text: string;
  offset: number;
  line: number;
  /** Line of the `source` in the file before it. */
  readonly from: number;
}

/** A line with its macros expanded. */
export interface TokenLine {
  readonly tokens: readonly Token[];
  readonly lexed: LexedLine;
}

/** A port that stands for whatever the environment says. */
export const port: PortConfig = {
  id: 'conf',
  arch: '',
  srcarch: '',
  env: {},
  preset: {},
  note: 'what the environment says',
};

/** The lines of all files as one stream. */
export class Sources extends Lines {
  protected readonly setting: ParseSetting;
  protected readonly isClassic: boolean;
  protected readonly sources: OpenSource[] = [];
  /** In the order in which they were opened first. */
  protected readonly files = new Set<string>();
  /** Names of variables that macros took from the environment, likewise. */
  protected readonly asked: ReadonlySet<string>;
  /** Warnings about the line in hand: conf has not read it to its end where it is wrong. */
  protected held: KconfigNote[] = [];
  /** Since 6.11, of the last line of the first file: it has no newline, and is no statement. */
  protected isCut = false;
  /** At the last line of a file without a newline: the file that sources it. */
  protected leaves: string | undefined;

  constructor(setting: ParseSetting, names: NameTable) {
    const { listener, profile } = setting;
    const asked = new Set<string>();
    const environment = watched(setting.environment, asked);
    super({ port, names, listener, environment, profile, dollarNames: false });
    this.setting = setting;
    this.asked = asked;
    this.isClassic = setting.rules === 'classic';
  }

  /** The first file. */
  protected start(name: string): void {
    const text = this.setting.read(name);
    if (text === undefined) this.stop(`can't find file ${name}`, undefined);
    this.open(name, text, 0);
  }

  /** The file that a line sources. */
  protected enter(name: string): void {
    const text = this.setting.read(name);
    if (text === undefined) this.stop(`can't open file "${name}"`, this.here);
    if (this.sources.some(({ path }) => path === name)) this.stop(this.inclusion(name), undefined);
    if (this.sources.length >= maxSourceDepth) {
      this.stop(`files source each other deeper than ${maxSourceDepth} levels`, this.here);
    }
    this.open(name, text, this.here.line);
  }

  private open(path: string, text: string, from: number): void {
    this.files.add(path);
    this.sources.push({ path, text, offset: 0, line: 1, from });
  }

  // The next line that has a token left once its macros are expanded.
  protected nextLine(): TokenLine | undefined {
    for (;;) {
      const source = at(this.sources, this.sources.length - 1);
      if (source.offset >= source.text.length) {
        // Up to 6.10 conf has left the first file by the time it meets its end.
        const isLast = this.sources.length === 1;
        const path = isLast && this.isClassic ? '<none>' : source.path;
        this.here = { path, line: source.line };
        if (isLast) return undefined;
        this.sources.pop();
        continue;
      }
      const lexed = lexLine(source.text, source.offset, source.line);
      source.offset = lexed.nextOffset;
      source.line = lexed.nextLine;
      const before = this.here;
      this.here = { path: source.path, line: lexed.line };
      const file = source.path;
      this.held = lexed.remarks.map((remark) => ({ kind: 'warning', file, ...remark }));
      const tokens = this.tokens(lexed.tokens);
      if (tokens.length === 0) {
        this.release();
        this.here = before;
        continue;
      }
      const isLast = source.offset >= source.text.length && !source.text.endsWith('\n');
      if (isLast) {
        const text = 'no new line at end of file';
        this.held.push({ kind: 'warning', file, line: source.line, text });
      }
      this.isCut = isLast && this.sources.length === 1 && !this.isClassic;
      if (isLast && this.sources.length > 1) {
        this.sources.pop();
        this.leaves = this.sources.at(-1)?.path;
      }
      return { tokens, lexed };
    }
  }

  protected release(): void {
    for (const { kind, text, file: path, line } of this.held.splice(0)) {
      this.note(kind, text, { path, line });
    }
    if (this.leaves === undefined) return;
    // By the end of its last line conf has left a file that has no newline there.
    if (!this.isClassic) this.here = { path: this.leaves, line: this.here.line };
    this.leaves = undefined;
  }

  // Up to 6.10 the report ends where the file comes again; later ones go up to the first file.
  private inclusion(name: string): string {
    const lines = ['Recursive inclusion detected.', 'Inclusion path:', `  current file : ${name}`];
    let from = this.here.line;
    for (const source of [...this.sources].reverse()) {
      lines.push(`  included from: ${source.path}:${from}`);
      from = source.from;
      if (this.isClassic && source.path === name) break;
    }
    return lines.join('\n');
  }
}

// The environment, noting what is taken from it.
function watched(
  environment: Readonly<Record<string, string>>,
  asked: Set<string>,
): Readonly<Record<string, string>> {
  return new Proxy(environment, {
    get(target, name) {
      if (typeof name !== 'string') return undefined;
      asked.add(name);
      return target[name];
    },
  });
}
