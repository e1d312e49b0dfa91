// Reads the Kconfig of a tree for one port: follows `source`, expands macros, and lists every
// definition with its place in the menu tree.
// @source scripts/kconfig/menu.c, parser.y v6.1 and v6.12

import { at, fail, ok } from '../../base/index.ts';
import type { Problem, Result } from '../../base/index.ts';
import type { PortConfig } from '../ports.ts';
import { missingFile } from '../tree.ts';
import type { SourceTree } from '../tree.ts';
import { bodyOf } from './ast.ts';
import type { Body, FileAst, Options, Statement } from './ast.ts';
import { ModelBuilder } from './build.ts';
import { archOf, environmentOf } from './environment.ts';
import { globPaths, isGlob, joinPath } from './glob.ts';
import { Lines, Stop } from './lines.ts';
import type { Place, ReadListener } from './lines.ts';
import type { KconfigModel } from './model.ts';
import { createNames } from './names.ts';
import type { NameTable, SymbolId } from './names.ts';
import { parseStatements } from './parse.ts';
import { fitsArch, profileOn } from './profile.ts';
import type { Profile } from './profile.ts';
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
 * file is then parsed once. A syntax error, a missing file, a cycle of files, an `error-if` that
 * fires, or a profile of other architectures is a Problem.
 */
export function readKconfig(
  tree: SourceTree,
  port: PortConfig,
  profile: Profile,
  cache: KconfigCache = kconfigCache(),
  listener: ReadListener = {},
): Result<KconfigModel> {
  if (!fitsArch(profile, archOf(port))) return fail(misfit(port, profile));
  const reader = new Reader({ tree, port, profile, cache, listener });
  try {
    reader.sourceFile('Kconfig', 0, noBlock, undefined);
  } catch (error) {
    if (error instanceof Stop) return fail(error.problem);
    throw error;
  }
  return ok(reader.model());
}

function misfit(port: PortConfig, { name, fits }: Profile): Problem {
  const probed = (fits ?? []).map((arch) => `ARCH=${arch}`).join(', ');
  return {
    what: `the profile ${name} was probed for ${probed}, not for ARCH=${archOf(port)}`,
    hint: 'take a profile of that architecture, or one that fits all: optimistic, pessimistic',
  };
}

interface Block {
  /** The choice whose members are read; -1 outside choices. */
  readonly choice: number;
}

const noBlock: Block = { choice: -1 };
const emptyBody: Body = bodyOf([]);

interface Reading {
  readonly tree: SourceTree;
  readonly port: PortConfig;
  readonly profile: Profile;
  readonly cache: KconfigCache;
  readonly listener: ReadListener;
}

class Reader extends Lines {
  private readonly tree: SourceTree;
  private readonly profile: Profile;
  private readonly cache: KconfigCache;
  private readonly release: Release;
  private readonly environment: Readonly<Record<string, string>>;
  private readonly builder: ModelBuilder;
  private readonly files = new Set<string>();
  private mainmenu = 'Main menu';
  private words: { readonly list: readonly SymbolId[]; done: number } = { list: [], done: 0 };
  private sourced = 0;

  constructor({ tree, port, profile, cache, listener }: Reading) {
    const release = releaseOf(tree);
    const environment = environmentOf(port, release.version, profile);
    const builder = new ModelBuilder(cache.names, release.choiceRules, {
      typeIgnored: (symbol, known, ignored) => {
        const name = cache.names.text(symbol);
        this.note(
          'warning',
          `ignoring type redefinition of '${name}' from '${known}' to '${ignored}'`,
        );
      },
      odd: (text) => this.note('ours', text),
    });
    // Words that macros make are met where they expand.
    const names: NameTable = {
      ...cache.names,
      intern: (text, quoted) => {
        const id = cache.names.intern(text, quoted);
        if (!quoted) builder.created.add(id);
        return id;
      },
    };
    const { dollarNames, version } = release;
    const answering = profileOn(profile, version);
    super({ port, names, listener, environment, profile: answering, dollarNames });
    this.tree = tree;
    this.profile = profile;
    this.cache = cache;
    this.release = release;
    this.environment = environment;
    this.builder = builder;
    this.builder.addNode('root', -1, emptyBody, -1, this.here);
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
      ...this.builder.parts(),
      mainmenu: this.mainmenu,
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
    const file = { path, remarks: this.files.has(path) ? [] : [...ast.remarks] };
    this.files.add(path);
    const before = this.here;
    this.openFiles.push(file);
    const outer = this.words;
    this.words = { list: ast.words, done: 0 };
    this.walk(ast.statements, path, parent, block);
    this.remarkUpTo(Number.POSITIVE_INFINITY);
    if (ast.problem !== undefined) throw new Stop(ast.problem);
    this.meet(ast.words.length);
    this.words = outer;
    this.openFiles.pop();
    this.here = before;
  }

  // The first `count` words of the open file have been met.
  private meet(count: number): void {
    const { words } = this;
    for (; words.done < count; words.done++) this.builder.created.add(at(words.list, words.done));
  }

  private parsed(path: string, from: Place | undefined): FileAst {
    let result = this.cache.files.get(path);
    if (result === undefined) {
      const text = this.tree.read(path);
      result = text.ok
        ? ok(parseStatements(path, text.value, this.cache.names))
        : cannotOpen(path, text);
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
      this.remarkUpTo(statement.line);
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
        const node = this.builder.addNode('menu', -1, body, parent, this.here, title);
        this.walk(statement.body, path, node, noBlock);
        return;
      }
      case 'if': {
        const expr = this.condition(statement.condition);
        const body = { ...emptyBody, depends: [{ expr, line }] };
        const node = this.builder.addNode('if', -1, body, parent, this.here);
        this.walk(statement.body, path, node, block);
        return;
      }
      case 'comment': {
        const title = this.text(statement.title);
        const body = this.body(statement.options);
        this.builder.addNode('comment', -1, body, parent, this.here, title);
        return;
      }
      case 'mainmenu':
        this.mainmenu = this.text(statement.title);
        return;
      case 'source':
        this.source(statement, parent, block);
        return;
      case 'assign':
        this.assign(statement);
        return;
      case 'call': {
        const text = this.text(statement.token);
        if (text !== '') this.stop(`unknown statement "${text}"`, this.here);
        return;
      }
    }
  }

  // By the time conf assigns, it has read the end of the line.
  private assign({ name, op, value, line }: Extract<Statement, { kind: 'assign' }>): void {
    const variable = this.text(name);
    if (variable === '') this.stop('invalid statement', this.here);
    this.expanding(line, () => this.macros.assign(variable, op, value), line + 1);
  }

  private config(
    kind: 'config' | 'menuconfig',
    symbol: SymbolId,
    options: Options,
    parent: number,
    { choice }: Block,
  ): void {
    const place = this.here;
    this.builder.addConfig(kind, symbol, this.body(options), { parent, place, choice });
  }

  private choice(statement: Extract<Statement, { kind: 'choice' }>, parent: number): void {
    const place = this.here;
    const body = this.body(statement.options);
    const symbol = this.builder.choiceSymbol(place);
    this.meet(statement.wordCount);
    this.builder.created.add(symbol);
    const node = this.builder.openChoice(symbol, body, parent, place);
    this.walk(statement.body, place.path, node, { choice: node });
    this.builder.closeChoice(node);
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
}

// In the words of conf where the file is not there; other reasons in the tree's own.
function cannotOpen(path: string, { problem }: { readonly problem: Problem }): Result<FileAst> {
  const missing = missingFile(path);
  const absent = missing.ok ? false : problem.what === missing.problem.what;
  return fail(absent ? { ...problem, what: `can't open file "${path}"` } : problem);
}
