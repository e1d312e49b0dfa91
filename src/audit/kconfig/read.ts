// Reads the Kconfig of a tree for one port: follows `source`, expands macros, and lists every
// definition with its place in the menu tree.
// @source scripts/kconfig/menu.c, parser.y v6.1 and v6.12

import { at, fail, ok, present } from '../../base/index.ts';
import type { Problem, Result } from '../../base/index.ts';
import type { PortConfig } from '../ports.ts';
import type { SourceTree } from '../tree.ts';
import { bodyOf } from './ast.ts';
import type { Body, FileAst, NameOrToken, Option, Options, Statement, SymbolType } from './ast.ts';
import type { Expr } from './expr.ts';
import { globPaths, isGlob, joinPath } from './glob.ts';
import type { Token } from './lex.ts';
import { MacroError, Macros } from './macro.ts';
import { membersOutsideSubmenus } from './submenu.ts';
import type { KconfigModel, KconfigNote, MenuNode, Reverse } from './model.ts';
import { createNames } from './names.ts';
import type { NameTable, SymbolId } from './names.ts';
import { parseFile } from './parse.ts';
import { parseExprLine, parseOption } from './parse-line.ts';
import type { Assumption, Profile } from './profile.ts';
import { releaseOf } from './release.ts';
import type { Release } from './release.ts';

/** Files that may source each other in a row. */
export const maxSourceDepth = 64;
/** Files that one port may source in total, repeats included. */
export const maxSourcedFiles = 20_000;

/** What ports of the same tree share: parsed files and symbol numbers. */
export interface KconfigCache {
  readonly names: NameTable;
  readonly files: Map<string, Result<FileAst>>;
}

/** An empty cache; valid for one unchanged tree. */
export function kconfigCache(): KconfigCache {
  return { names: createNames(), files: new Map() };
}

/**
 * Reads the Kconfig of `tree` for one port. Hand in the same `cache` for all ports of a tree: each
 * file is then parsed once. A syntax error, a missing file, a cycle of files, or an `error-if` that
 * fires is a Problem.
 */
export function readKconfig(
  tree: SourceTree,
  port: PortConfig,
  profile: Profile,
  cache: KconfigCache = kconfigCache(),
): Result<KconfigModel> {
  const reader = new Reader(tree, port, profile, cache);
  try {
    reader.sourceFile('Kconfig', 0, noBlock, undefined);
  } catch (error) {
    if (error instanceof Stop) return fail(error.problem);
    throw error;
  }
  return ok(reader.model());
}

/** Ends a reading run early with its Problem; never leaves this file. */
class Stop extends Error {
  override name = 'Stop';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.problem = problem;
  }
}

interface Block {
  /** The choice whose members are read; -1 outside choices. */
  readonly choice: number;
}

const noBlock: Block = { choice: -1 };
const emptyBody: Body = bodyOf([]);

interface Place {
  readonly path: string;
  readonly line: number;
}

class Reader {
  private readonly tree: SourceTree;
  private readonly port: PortConfig;
  private readonly profile: Profile;
  private readonly cache: KconfigCache;
  // Words that macros make are met where they expand.
  private readonly names: NameTable;
  private readonly release: Release;
  private readonly environment: Readonly<Record<string, string>>;
  private readonly macros: Macros;
  private readonly nodes: MenuNode[] = [];
  private readonly definitions = new Map<SymbolId, number[]>();
  private readonly types = new Map<SymbolId, SymbolType>();
  private readonly selectedBy = new Map<SymbolId, Reverse[]>();
  private readonly impliedBy = new Map<SymbolId, Reverse[]>();
  private readonly members = new Map<number, number[]>();
  private readonly choiceOf = new Map<SymbolId, number>();
  private readonly assumptions: Assumption[] = [];
  private readonly notes: KconfigNote[] = [];
  private readonly files = new Set<string>();
  private readonly openFiles: Place[] = [];
  private readonly creation: SymbolId[] = [];
  private readonly created = new Set<SymbolId>();
  private mainmenu = 'Main menu';
  private modules: SymbolId | undefined;
  private words: { readonly list: readonly SymbolId[]; done: number } = { list: [], done: 0 };
  private sourced = 0;
  private here: Place = { path: 'Kconfig', line: 1 };

  constructor(tree: SourceTree, port: PortConfig, profile: Profile, cache: KconfigCache) {
    this.tree = tree;
    this.port = port;
    this.profile = profile;
    this.cache = cache;
    this.names = {
      ...cache.names,
      intern: (text, quoted) => {
        const id = cache.names.intern(text, quoted);
        if (!quoted) this.create(id);
        return id;
      },
    };
    this.release = releaseOf(tree);
    this.environment = environmentOf(port, this.release.version);
    this.macros = new Macros({
      environment: this.environment,
      profile,
      dollarNames: this.release.dollarNames,
      assumptions: this.assumptions,
      remark: (text) => this.note(text),
    });
    this.addNode('root', -1, emptyBody, -1, 1);
  }

  model(): KconfigModel {
    return {
      port: this.port.id,
      arch: this.port.arch,
      preset: this.port.preset,
      profile: this.profile,
      environment: this.environment,
      choiceRules: this.release.choiceRules,
      names: this.cache.names,
      nodes: this.nodes,
      definitions: this.definitions,
      types: this.types,
      selectedBy: this.selectedBy,
      impliedBy: this.impliedBy,
      members: this.members,
      choiceOf: this.choiceOf,
      creation: this.creation,
      mainmenu: this.mainmenu,
      modules: this.modules,
      files: [...this.files].sort(),
      assumptions: this.assumptions,
      notes: this.notes,
      version: this.release.version,
    };
  }

  sourceFile(path: string, parent: number, block: Block, from: Place | undefined): void {
    this.sourced += 1;
    if (this.sourced > maxSourcedFiles) {
      this.stop(`more than ${maxSourcedFiles} files are sourced`, from);
    }
    if (this.openFiles.length >= maxSourceDepth) {
      this.stop(`files source each other deeper than ${maxSourceDepth} levels`, from);
    }
    if (this.openFiles.some((open) => open.path === path)) {
      const chain = [...this.openFiles.map((open) => open.path), path].join(' -> ');
      this.stop(`${path} sources itself: ${chain}`, from);
    }
    const ast = this.parsed(path, from);
    if (!this.files.has(path)) {
      this.files.add(path);
      for (const remark of ast.remarks) this.notes.push({ file: path, ...remark });
    }
    const before = this.here;
    this.openFiles.push({ path, line: 1 });
    const outer = this.words;
    this.words = { list: ast.words, done: 0 };
    this.walk(ast.statements, path, parent, block);
    this.meet(ast.words.length);
    this.words = outer;
    this.openFiles.pop();
    this.here = before;
  }

  // The first `count` words of the open file have been met.
  private meet(count: number): void {
    const { words } = this;
    for (; words.done < count; words.done++) this.create(at(words.list, words.done));
  }

  private create(id: SymbolId): void {
    if (this.created.has(id)) return;
    this.created.add(id);
    this.creation.push(id);
  }

  private parsed(path: string, from: Place | undefined): FileAst {
    let result = this.cache.files.get(path);
    if (result === undefined) {
      const text = this.tree.read(path);
      result = text.ok ? parseFile(path, text.value, this.cache.names) : text;
      this.cache.files.set(path, result);
    }
    if (result.ok) return result.value;
    const { problem } = result;
    // A file that cannot be read is a fault of the line that sources it.
    if (problem.where === path && from !== undefined) {
      throw new Stop({ ...problem, where: `${from.path}:${from.line}` });
    }
    throw new Stop(problem);
  }

  private walk(statements: readonly Statement[], path: string, parent: number, block: Block): void {
    for (const statement of statements) {
      this.here = { path, line: statement.line };
      this.statement(statement, parent, block);
    }
  }

  private statement(statement: Statement, parent: number, block: Block): void {
    const { line } = statement;
    const path = this.here.path;
    switch (statement.kind) {
      case 'config':
      case 'menuconfig':
        this.config(statement.kind, this.name(statement.name), statement.options, parent, block);
        return;
      case 'choice':
        this.choice(statement, parent);
        return;
      case 'menu': {
        const title = this.text(statement.title);
        const body = this.body(statement.options);
        const node = this.addNode('menu', -1, body, parent, line, title);
        this.walk(statement.body, path, node, noBlock);
        return;
      }
      case 'if': {
        const expr = this.condition(statement.condition);
        const body = { ...emptyBody, depends: [{ expr, line }] };
        const node = this.addNode('if', -1, body, parent, line);
        this.walk(statement.body, path, node, block);
        return;
      }
      case 'comment': {
        const title = this.text(statement.title);
        this.addNode('comment', -1, this.body(statement.options), parent, line, title);
        return;
      }
      case 'mainmenu':
        this.mainmenu = this.text(statement.title);
        return;
      case 'source':
        this.source(statement, parent, block);
        return;
      case 'assign':
        this.expanding(() =>
          this.macros.assign(this.text(statement.name), statement.op, statement.value),
        );
        return;
      case 'call':
        if (this.text(statement.token).trim() !== '') {
          this.stop('a macro at the start of a line must expand to nothing', this.here);
        }
        return;
    }
  }

  private config(
    kind: 'config' | 'menuconfig',
    symbol: SymbolId,
    options: Options,
    parent: number,
    block: Block,
  ): void {
    const { line } = this.here;
    const body = this.body(options);
    const node = this.addNode(kind, symbol, body, parent, line);
    this.define(symbol, node);
    this.setTypes(symbol, body);
    for (const clause of body.selects)
      addTo(this.selectedBy, clause.target, { by: symbol, node, clause });
    for (const clause of body.implies)
      addTo(this.impliedBy, clause.target, { by: symbol, node, clause });
    if (body.modules) {
      if (this.modules !== undefined && this.modules !== symbol) {
        this.note('a second symbol says "modules"; the first one counts');
      } else this.modules = symbol;
    }
    if (block.choice >= 0) this.member(symbol, node, body, block.choice);
  }

  private member(symbol: SymbolId, node: number, body: Body, choice: number): void {
    if (body.prompts.length === 0) this.note('a choice member has no prompt');
    addTo(this.members, choice, node);
    if (!this.choiceOf.has(symbol)) this.choiceOf.set(symbol, choice);
  }

  private choice(statement: Extract<Statement, { kind: 'choice' }>, parent: number): void {
    const { path, line } = this.here;
    const body = this.body(statement.options);
    const symbol = this.choiceSymbol(path, line);
    this.meet(statement.wordCount);
    this.create(symbol);
    const node = this.addNode('choice', symbol, body, parent, line);
    this.define(symbol, node);
    this.setTypes(symbol, body);
    this.members.set(node, []);
    this.walk(statement.body, path, node, { choice: node });
    if (this.release.choiceRules === 'classic') this.dropSubmenus(node);
    const members = (this.members.get(node) ?? []).map((index) =>
      present(this.nodes[index], 'node'),
    );
    if (this.release.choiceRules === 'one-of') this.types.set(symbol, 'bool');
    const first = members.map((member) => this.typeOf(member)).find((type) => type !== undefined);
    const type = this.types.get(symbol) ?? first;
    if (type === undefined) return;
    this.types.set(symbol, type);
    for (const member of members) {
      if (member.symbol !== -1 && !this.types.has(member.symbol))
        this.types.set(member.symbol, type);
    }
  }

  // Up to 6.10, entries of a choice that depend on the member before them form a submenu of it and
  // are no members themselves.
  private dropSubmenus(choice: number): void {
    const members = this.members.get(choice) ?? [];
    const kept = membersOutsideSubmenus(this.nodes, members);
    this.members.set(choice, kept);
    for (const index of members) {
      const { symbol } = at(this.nodes, index);
      if (kept.includes(index) || symbol === -1) continue;
      if (this.choiceOf.get(symbol) === choice) this.choiceOf.delete(symbol);
    }
  }

  private typeOf(node: MenuNode): SymbolType | undefined {
    return node.symbol === -1 ? undefined : this.types.get(node.symbol);
  }

  // A choice has no name of its own: its place serves, numbered where a file is sourced twice.
  private choiceSymbol(path: string, line: number): SymbolId {
    for (let turn = 1; ; turn += 1) {
      const suffix = turn === 1 ? '' : `#${turn}`;
      const id = this.cache.names.intern(`<choice ${path}:${line}${suffix}>`, true);
      if (!this.definitions.has(id)) return id;
    }
  }

  private source(
    statement: Extract<Statement, { kind: 'source' }>,
    parent: number,
    block: Block,
  ): void {
    const from = this.here;
    this.meet(statement.wordCount);
    const written = this.macros.path(this.text(statement.path));
    const path = statement.relative ? joinPath(from.path, written) : written;
    const paths = isGlob(path) ? globPaths(this.tree, path) : [path];
    if (statement.optional) {
      for (const each of paths) {
        if (this.tree.read(each).ok) this.sourceFile(each, parent, block, from);
      }
      return;
    }
    if (paths.length === 0) this.stop(`no file matches ${path}`, from);
    for (const each of paths) this.sourceFile(each, parent, block, from);
  }

  private body(options: Options): Body {
    if (options.ready) return options.body;
    const { path } = this.here;
    const start = this.here;
    const list: Option[] = [];
    for (const option of options.options) {
      if (option.kind !== 'deferred') {
        list.push(option);
        continue;
      }
      this.here = { path, line: option.line };
      const tokens = this.tokens(option.tokens);
      const parsed = parseOption(tokens, this.names, this.here);
      if (!parsed.ok) throw new Stop(parsed.problem);
      if (parsed.value !== undefined) list.push(parsed.value);
    }
    this.here = start;
    return bodyOf(list);
  }

  private condition(condition: Expr | readonly Token[]): Expr {
    if (!isTokens(condition)) return condition;
    const parsed = parseExprLine(this.tokens(condition), 1, this.names, this.here);
    if (!parsed.ok) throw new Stop(parsed.problem);
    return parsed.value;
  }

  // Tokens with their macros expanded. An unquoted macro that yields nothing leaves no token.
  private tokens(tokens: readonly Token[]): readonly Token[] {
    const out: Token[] = [];
    for (const token of tokens) {
      if (token.kind !== 'template') {
        out.push(token);
        continue;
      }
      const text = this.text(token);
      if (text === '' && !token.quoted) continue;
      out.push({ kind: token.quoted ? 'string' : 'word', text, column: token.column });
    }
    return out;
  }

  private name(name: NameOrToken): SymbolId {
    if (typeof name === 'number') return name;
    const text = this.text(name);
    if (text === '') this.stop('the symbol name expands to nothing', this.here);
    return this.names.intern(text, false);
  }

  private text(token: Token): string {
    if (token.kind !== 'template') return token.text;
    return this.expanding(() => this.macros.expand(token.pieces));
  }

  private expanding<T>(expand: () => T): T {
    this.macros.place(this.here.path, this.here.line);
    try {
      return expand();
    } catch (error) {
      if (!(error instanceof MacroError)) throw error;
      return this.stop(error.message, this.here);
    }
  }

  // Called some twenty thousand times for a port: one object, no spreading.
  private addNode(
    kind: MenuNode['kind'],
    symbol: SymbolId,
    body: Body,
    parent: number,
    line: number,
    title = '',
  ): number {
    const { nodes } = this;
    const file = this.here.path;
    const { depends } = body;
    return nodes.push({ kind, parent, symbol, depends, body, title, file, line }) - 1;
  }

  private define(symbol: SymbolId, node: number): void {
    addTo(this.definitions, symbol, node);
  }

  private setTypes(symbol: SymbolId, body: Body): void {
    for (const { type } of body.types) {
      if (type === undefined) continue;
      const known = this.types.get(symbol);
      if (known === undefined) this.types.set(symbol, type);
      else if (known !== type) {
        const name = this.cache.names.text(symbol);
        this.note(`ignoring type redefinition of '${name}' from '${known}' to '${type}'`);
      }
    }
    if (body.env !== undefined && !this.types.has(symbol)) this.types.set(symbol, 'string');
  }

  private note(text: string): void {
    this.notes.push({ file: this.here.path, line: this.here.line, text });
  }

  private stop(what: string, place: Place | undefined): never {
    throw new Stop({
      what,
      ...(place === undefined ? {} : { where: `${place.path}:${place.line}` }),
      hint: `the Kconfig was read for port ${this.port.id}; correct the line and try again`,
    });
  }
}

function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function isTokens(condition: Expr | readonly Token[]): condition is readonly Token[] {
  return Array.isArray(condition);
}

/** What the build system puts into the environment of conf, with neutral tool names. */
function environmentOf(port: PortConfig, version: string): Readonly<Record<string, string>> {
  return {
    srctree: '.',
    KERNELVERSION: version,
    KERNELRELEASE: version,
    CC: 'gcc',
    CC_VERSION_TEXT: 'gcc 12.2.0',
    LD: 'ld',
    AR: 'ar',
    NM: 'nm',
    OBJCOPY: 'objcopy',
    PAHOLE: 'pahole',
    PYTHON3: 'python3',
    RUSTC: 'rustc',
    RUSTC_VERSION_TEXT: '',
    BINDGEN: 'bindgen',
    ...port.env,
  };
}
