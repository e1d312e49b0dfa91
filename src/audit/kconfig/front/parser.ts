// Reads Kconfig files as conf does: line by line, saying what is wrong in conf's words and going on
// behind it. The reader of trees (read.ts) stops at the first error and parses a file once for all
// ports; both fill the same model.
// @source scripts/kconfig/parser.y, lexer.l v6.1, v6.12

import { at } from '../../../base/index.ts';
import { bodyOf } from '../ast.ts';
import type { Body, Option } from '../ast.ts';
import { ModelBuilder } from '../build.ts';
import { skipHelp } from '../lex.ts';
import type { Token } from '../lex.ts';
import type { Place } from '../lines.ts';
import type { KconfigModel } from '../model.ts';
import { createNames } from '../names.ts';
import type { NameTable } from '../names.ts';
import { parseExprLine, parseOption } from '../parse-line.ts';
import { startEntry, takeOption } from './entry.ts';
import type { Entry } from './entry.ts';
import { isKeyword, isOptionOf } from './grammar.ts';
import { helpText } from './help.ts';
import { port, Sources } from './sources.ts';
import type { ParseSetting, TokenLine } from './sources.ts';

/** What came of the files. */
export interface Parsed {
  readonly model: KconfigModel;
  /** Help texts by node number. */
  readonly helps: ReadonlyMap<number, string>;
  /** Files in the order in which they were opened first. */
  readonly files: readonly string[];
  /** Names of environment variables that macros asked for and found, likewise. */
  readonly asked: readonly string[];
  /** Whether something was wrong beyond a warning: conf ends here then. */
  readonly hasErrors: boolean;
}

/** Reads a file and all that it sources. Throws Stop where conf gives up at once. */
export function parseAll(name: string, setting: ParseSetting): Parsed {
  const parser = new Parser(setting);
  parser.run(name);
  return parser.parsed();
}

interface Block {
  readonly kind: 'menu' | 'if' | 'choice';
  readonly node: number;
  readonly place: Place;
  /** Node of the choice around, or of this one; -1 where there is none. */
  readonly choice: number;
}

/** Blocks that may be open at once. */
const maxBlocks = 500;

const emptyBody: Body = bodyOf([]);
const ends: ReadonlyMap<string, Block['kind']> = new Map([
  ['endmenu', 'menu'],
  ['endif', 'if'],
  ['endchoice', 'choice'],
]);

class Parser extends Sources {
  private readonly table: NameTable;
  private readonly entered: NameTable;
  private readonly builder: ModelBuilder;
  private readonly helps = new Map<number, string>();
  private readonly blocks: Block[] = [];
  /** Blocks that were not closed by the right word stay here, as in conf. */
  private readonly menus: Block[] = [];
  private entry: Entry | undefined;
  private mainmenu = 'Main menu';
  private isFirst = true;
  private hasErrors = false;
  /** Tokens to go until conf speaks of a syntax error again (yyerrstatus). */
  private quiet = 0;

  constructor(setting: ParseSetting) {
    const table = createNames();
    const builder = new ModelBuilder(table, setting.rules, {
      typeIgnored: () => undefined,
      odd: () => undefined,
    });
    const entered: NameTable = {
      ...table,
      intern: (text, quoted) => {
        const id = table.intern(text, quoted);
        if (!quoted) builder.created.add(id);
        return id;
      },
    };
    super(setting, entered);
    this.table = table;
    this.entered = entered;
    this.builder = builder;
    builder.addNode('root', -1, emptyBody, -1, this.here);
  }

  parsed(): Parsed {
    const { rules, version, environment, profile } = this.setting;
    const model: KconfigModel = {
      port: port.id,
      arch: port.arch,
      preset: port.preset,
      profile,
      environment,
      choiceRules: rules,
      names: this.table,
      ...this.builder.parts(),
      mainmenu: this.mainmenu,
      files: [...this.files].sort(),
      assumptions: this.assumptions,
      notes: this.notes,
      version,
    };
    const { helps, hasErrors } = this;
    return { model, helps, files: [...this.files], asked: [...this.asked], hasErrors };
  }

  run(name: string): void {
    this.start(name);
    for (;;) {
      const line = this.nextLine();
      if (line === undefined) {
        this.finishEntry();
        this.endOfInput();
        return;
      }
      if (this.entry !== undefined && isOptionOf(this.entry.kind, line.tokens, this.isClassic)) {
        this.option(this.entry, line);
        continue;
      }
      this.finishEntry();
      this.statement(line);
      this.isFirst = false;
    }
  }

  private statement(line: TokenLine): void {
    const { tokens } = line;
    const [head] = tokens;
    if (head === undefined) return;
    const word = head.kind === 'word' ? head.text : '';
    const inChoice = (this.blocks.at(-1)?.choice ?? -1) >= 0;
    if (head.kind === 'symbol' || (head.kind === 'word' && !isKeyword(word, this.isClassic))) {
      if (inChoice) return this.syntaxError(0);
      return this.isAssignment(tokens) ? this.assign(line) : this.syntaxError(1, head.text);
    }
    const inChoices = ['comment', 'config', 'if', ...ends.keys()];
    if (inChoice && !inChoices.includes(word)) return this.syntaxError(0);
    switch (word) {
      case 'config':
      case 'menuconfig':
        return this.config(word, tokens);
      case 'choice':
        return this.choice(tokens);
      case 'menu':
      case 'comment':
        return this.titled(word, tokens);
      case 'mainmenu':
        return this.isFirst ? this.main(tokens) : this.syntaxError(0);
      case 'if':
        return this.ifBlock(tokens);
      case 'source':
        return this.source(tokens);
      default:
        return ends.has(word) ? this.end(word, tokens) : this.syntaxError(0);
    }
  }

  private isAssignment(tokens: readonly Token[]): boolean {
    return tokens.length === 3 && tokens[1]?.kind === 'op' && tokens[2]?.kind === 'value';
  }

  // By the time conf assigns, it has read the end of the line.
  private assign({ tokens, lexed }: TokenLine): void {
    const [name, op, value] = tokens;
    if (name === undefined || op?.kind !== 'op' || value?.kind !== 'value') return;
    const sign = op.text === ':=' || op.text === '+=' ? op.text : '=';
    const variable = this.text(name);
    const { line } = lexed;
    this.expanding(line, () => this.macros.assign(variable, sign, value.text), line + 1);
    this.accepted(tokens);
  }

  private config(kind: 'config' | 'menuconfig', tokens: readonly Token[]): void {
    const name = tokens[1];
    const isName =
      name?.kind === 'symbol' || (name?.kind === 'word' && !isKeyword(name.text, this.isClassic));
    if (!isName) return this.syntaxError(1);
    if (tokens.length > 2) return this.syntaxError(2);
    this.entry = startEntry(kind, this.here, this.entered.intern(name.text, false));
    this.accepted(tokens);
  }

  private choice(tokens: readonly Token[]): void {
    // Up to 6.10 a choice might have a name.
    const name = tokens[1];
    const isNamed = this.isClassic && name?.kind === 'word' && !isKeyword(name.text, true);
    if (tokens.length > (isNamed ? 2 : 1)) return this.syntaxError(isNamed ? 2 : 1);
    const symbol = this.builder.choiceSymbol(this.here);
    this.builder.created.add(symbol);
    if (!this.isClassic) this.builder.setType(symbol, 'bool');
    this.entry = startEntry('choice', this.here, symbol);
    this.accepted(tokens);
  }

  private titled(kind: 'menu' | 'comment', tokens: readonly Token[]): void {
    const title = this.title(tokens);
    if (title === undefined) return;
    this.entry = { ...startEntry(kind, this.here, -1), title };
    this.accepted(tokens);
  }

  private main(tokens: readonly Token[]): void {
    const title = this.title(tokens);
    if (title === undefined) return;
    this.mainmenu = title;
    this.accepted(tokens);
  }

  // The one quoted text behind the first word; leading white space is none of it.
  private title(tokens: readonly Token[]): string | undefined {
    const token = tokens[1];
    if (token?.kind !== 'string' || tokens.length > 2) {
      this.syntaxError(token?.kind === 'string' ? 2 : 1);
      return undefined;
    }
    return this.stripped(token.text);
  }

  private stripped(text: string): string {
    this.release();
    const rest = text.replace(/^[ \t\v\f\r\n]+/, '');
    if (rest !== text) this.note('warning', 'leading whitespace ignored');
    return rest;
  }

  private ifBlock(tokens: readonly Token[]): void {
    const expr = parseExprLine(tokens, 1, this.entered, this.here);
    if (!expr.ok) return this.syntaxError(1);
    const { line } = this.here;
    const body = { ...emptyBody, depends: [{ expr: expr.value, line }] };
    const node = this.builder.addNode('if', -1, body, this.parent(), this.here);
    this.openBlock('if', node, this.here, this.blocks.at(-1)?.choice ?? -1);
    this.accepted(tokens);
  }

  private source(tokens: readonly Token[]): void {
    const token = tokens[1];
    if (token?.kind !== 'string' || tokens.length > 2) {
      return this.syntaxError(token?.kind === 'string' ? 2 : 1);
    }
    this.accepted(tokens);
    if (this.isCut) return;
    this.enter(token.text);
  }

  private end(word: string, tokens: readonly Token[]): void {
    const kind = ends.get(word);
    const block = this.blocks.at(-1);
    if (kind === undefined || block === undefined) return this.syntaxError(0);
    if (tokens.length > 1) return this.syntaxError(1);
    this.accepted(tokens);
    this.blocks.pop();
    if (kind !== block.kind) {
      return this.wrong(`unexpected '${kind}' within ${block.kind} block`);
    }
    const menu = this.menus.at(-1);
    if (menu !== undefined && menu.place.path !== this.here.path) {
      this.wrong(`'${kind}' in different file than '${block.kind}'`);
      this.note('message', `location of the '${block.kind}'`, menu.place);
      return;
    }
    this.menus.pop();
    if (block.kind === 'choice') this.builder.closeChoice(block.node);
  }

  private option(entry: Entry, { tokens }: TokenLine): void {
    const [head] = tokens;
    if (head?.kind === 'word' && head.text === 'help') {
      if (tokens.length > 1) return this.dropEntry(1);
      this.accepted(tokens);
      if (!this.isCut) this.help(entry);
      return;
    }
    const parsed = parseOption(tokens, this.entered, this.here);
    if (!parsed.ok || parsed.value === undefined) {
      return this.dropEntry(parsed.ok ? 1 : tokensBefore(tokens, parsed.problem.where));
    }
    this.release();
    if (this.isCut) return this.takeCut(entry, parsed.value, tokens);
    const isTaken = takeOption(entry, this.checked(parsed.value), tokens, {
      isClassic: this.isClassic,
      builder: this.builder,
      nameOf: (id) => this.table.text(id),
      note: (kind, text, place) => this.note(kind, text, place),
      wrong: (text) => this.wrong(text),
    });
    if (!isTaken) return this.dropEntry(1);
    this.accepted(tokens);
  }

  // Without the end of its line, conf has taken no more than the prompt behind a type.
  private takeCut(entry: Entry, option: Option, tokens: readonly Token[]): void {
    if (option.kind === 'type' && option.prompt !== undefined) {
      this.stripped(option.prompt);
      if (entry.hasPrompt) this.note('warning', 'prompt redefined');
    }
    this.accepted(tokens);
  }

  // A prompt without its leading white space.
  private checked(option: Option): Option {
    if (option.kind === 'prompt') return { ...option, text: this.stripped(option.text) };
    if (option.kind !== 'type' || option.prompt === undefined) return option;
    return { ...option, prompt: this.stripped(option.prompt) };
  }

  private help(entry: Entry): void {
    const source = at(this.sources, this.sources.length - 1);
    const start = source.offset;
    const { nextOffset, nextLine } = skipHelp(source.text, start, source.line);
    source.offset = nextOffset;
    source.line = nextLine;
    const raw = source.text.slice(start, nextOffset);
    const next = source.text[nextOffset];
    const text = helpText(raw, next !== undefined && !' \t\n'.includes(next));
    // Up to 6.10 conf has left the first file behind its last line without a newline.
    const isLeft = this.isClassic && start >= source.text.length && !source.text.endsWith('\n');
    this.here = { path: isLeft ? '<none>' : source.path, line: nextLine };
    const name = entry.kind === 'choice' ? '<choice>' : this.table.text(entry.symbol);
    if (entry.help !== undefined) {
      const what = 'defined with more than one help text -- only the last one will be used';
      this.note('message', `warning: '${name}' ${what}`);
    }
    if (!/[^ \f\n\r\t\v]/.test(text)) {
      this.note('message', `warning: '${name}' defined with blank help text`);
    }
    entry.help = text;
    entry.options.push({ kind: 'help', text: raw, line: this.here.line });
  }

  private finishEntry(): void {
    const { entry } = this;
    if (entry === undefined) return;
    this.entry = undefined;
    const { kind, place, symbol, options, title } = entry;
    const body = bodyOf(options);
    const parent = this.parent();
    const node = this.builder.nodeCount();
    if (entry.help !== undefined) this.helps.set(node, entry.help);
    switch (kind) {
      case 'config':
      case 'menuconfig':
        return this.finishConfig(kind, entry, body);
      case 'choice': {
        if (!this.isClassic && !entry.hasPrompt) {
          this.wrong('error: choice must have a prompt', place);
        }
        this.builder.openChoice(symbol, body, parent, place);
        return this.openBlock('choice', node, place, node);
      }
      case 'menu':
        this.builder.addNode('menu', -1, body, parent, place, title);
        return this.openBlock('menu', node, place, -1);
      case 'comment':
        this.builder.addNode('comment', -1, body, parent, place, title);
        return;
    }
  }

  private finishConfig(kind: 'config' | 'menuconfig', entry: Entry, body: Body): void {
    const { place, symbol } = entry;
    const choice = this.blocks.at(-1)?.choice ?? -1;
    if (kind === 'menuconfig' && !entry.hasPrompt) {
      this.note('message', 'warning: menuconfig statement without prompt');
    }
    this.builder.addConfig(kind, symbol, body, { parent: this.parent(), place, choice });
    if (choice < 0 || this.isClassic) return;
    if (!entry.hasPrompt) this.wrong('error: choice member must have a prompt', place);
    if (this.builder.typeOf(symbol) !== 'bool') {
      this.wrong('error: choice member must be bool', place);
    }
  }

  private parent(): number {
    return this.menus.at(-1)?.node ?? 0;
  }

  private openBlock(kind: Block['kind'], node: number, place: Place, choice: number): void {
    if (this.blocks.length >= maxBlocks) {
      this.stop(`blocks nest deeper than ${maxBlocks} levels`, place);
    }
    const block = { kind, node, place, choice };
    this.blocks.push(block);
    this.menus.push(block);
  }

  private wrong(text: string, place: Place = this.here): void {
    this.hasErrors = true;
    this.note('message', text, place);
  }

  // Each token of a good line brings conf nearer to speaking of syntax errors again.
  private accepted(tokens: readonly Token[]): void {
    this.release();
    this.quiet = Math.max(0, this.quiet - tokens.length - 1);
    if (!this.isCut) return;
    this.entry = undefined;
    this.complain();
    this.abandon();
  }

  private dropEntry(count: number): void {
    this.entry = undefined;
    this.syntaxError(count);
  }

  // The rest of the line is passed over. `count`: tokens that were right; `word`: what began it.
  private syntaxError(count: number, word?: string): void {
    this.quiet = Math.max(0, this.quiet - count);
    this.complain();
    this.release();
    if (this.isCut) return this.abandon();
    this.quiet = 2;
    this.wrong(word === undefined ? 'invalid statement' : `unknown statement "${word}"`);
  }

  private complain(): void {
    const { path, line } = this.here;
    this.hasErrors = true;
    if (this.quiet > 0) return;
    this.note('message', 'syntax error', { path, line: line + (this.isClassic ? 1 : 0) });
  }

  private endOfInput(): void {
    if (this.blocks.length === 0) return;
    this.complain();
    this.abandon();
  }

  private abandon(): void {
    for (const { place } of this.blocks.splice(0).reverse()) {
      this.note('message', 'missing end statement for this entry', place);
    }
  }
}

// How many tokens stand before the column in which parsing ended.
function tokensBefore(tokens: readonly Token[], where: string | undefined): number {
  const column = Number(/:([0-9]+)$/.exec(where ?? '')?.[1] ?? 1);
  return tokens.filter((token) => token.column < column).length;
}
