// What can be built in one tree and not in another: for each architecture and symbol, asked of the
// solver in both, with the lines that stand in the way where it cannot, and which of them the other
// tree does not have.

import { at } from '../base/index.ts';
import {
  formatExpr,
  isDefined,
  type KconfigCache,
  kconfigCache,
  type KconfigModel,
  type Profile,
  readKconfig,
} from './kconfig/index.ts';
import { type ReasonLink, satisfy } from './kconfig/sat/index.ts';
import { architecturesOf } from './architectures.ts';
import type { PortConfig } from './ports.ts';
import type { SourceTree } from './tree.ts';

/** Symbols that one diff may be about. */
export const maxDiffSymbols = 200;

/** Whether a symbol can be set: `absent` where the tree has no such architecture or symbol. */
export type Buildable = 'yes' | 'no' | 'absent' | 'not-checked';

/** A link of a reason, and whether the other tree says the same. */
export interface DiffLink extends ReasonLink {
  readonly differs: boolean;
}

/** One architecture and symbol on which two trees differ. */
export interface BuildDifference {
  readonly arch: string;
  readonly symbol: string;
  readonly before: Buildable;
  readonly after: Buildable;
  /** Why not, in the tree that says no; empty where the symbol is absent. */
  readonly reason: readonly DiffLink[];
}

/** The differences of two trees. */
export interface BuildDiff {
  readonly trees: readonly [DiffTree, DiffTree];
  readonly symbols: readonly string[];
  /** Architectures that were compared. */
  readonly architectures: readonly string[];
  readonly differences: readonly BuildDifference[];
  /** Architectures that could not be read, with the reason. */
  readonly notChecked: readonly { readonly arch: string; readonly why: string }[];
}

/** One of two trees. */
export interface DiffTree {
  readonly name: string;
  readonly release: string;
}

/** What is compared. */
export interface DiffQuestion {
  readonly trees: readonly [SourceTree, SourceTree];
  /** Names, in which `*` stands for any letters. */
  readonly symbols: readonly string[];
  /** Only this architecture; all where absent. */
  readonly arch?: string;
  readonly profileOf: (port: PortConfig) => Profile;
  /** Called before each architecture. */
  readonly progress?: (done: number, total: number, label: string) => Promise<void>;
}

/** Compares what can be set to anything but n in two trees. */
export async function buildDiff(question: DiffQuestion): Promise<BuildDiff> {
  return new Comparison(question).run();
}

interface Side {
  readonly tree: SourceTree;
  readonly cache: KconfigCache;
  readonly ports: ReadonlyMap<string, PortConfig>;
  release: string;
}

class Comparison {
  private readonly question: DiffQuestion;
  private readonly sides: readonly [Side, Side];
  private readonly differences: BuildDifference[] = [];
  private readonly notChecked: { readonly arch: string; readonly why: string }[] = [];
  private readonly symbols = new Set<string>();

  constructor(question: DiffQuestion) {
    this.question = question;
    const [before, after] = question.trees;
    this.sides = [sideOf(before), sideOf(after)];
  }

  async run(): Promise<BuildDiff> {
    const [before, after] = this.sides;
    const { arch, progress } = this.question;
    const all = [...new Set([...before.ports.keys(), ...after.ports.keys()])].sort();
    const chosen = arch === undefined ? all : all.filter((one) => one === arch);
    for (const [index, one] of chosen.entries()) {
      await progress?.(index, chosen.length, `Kconfig: ${one}`);
      this.architecture(one);
    }
    const order = (a: BuildDifference, b: BuildDifference): number =>
      compare(a.symbol, b.symbol) || compare(a.arch, b.arch);
    return {
      trees: [treeOf(before), treeOf(after)],
      symbols: [...this.symbols].sort(),
      architectures: chosen,
      differences: this.differences.sort(order),
      notChecked: this.notChecked,
    };
  }

  private architecture(arch: string): void {
    const models = this.sides.map((side) => this.model(side, arch));
    const [before, after] = [models[0], models[1]];
    if (before === 'unread' || after === 'unread') return;
    for (const symbol of this.wanted([before, after])) {
      this.symbols.add(symbol);
      this.compare(arch, symbol, [before, after]);
    }
  }

  private model(side: Side, arch: string): KconfigModel | undefined | 'unread' {
    const port = side.ports.get(arch);
    if (port === undefined) return undefined;
    const model = readKconfig(side.tree, port, this.question.profileOf(port), side.cache);
    if (model.ok) {
      side.release = model.value.version;
      return model.value;
    }
    const { what, where } = model.problem;
    const place = where === undefined ? '' : `${where}: `;
    this.notChecked.push({ arch, why: `${side.tree.name}: ${place}${what}` });
    return 'unread';
  }

  private wanted(models: readonly (KconfigModel | undefined)[]): readonly string[] {
    const found = new Set<string>();
    for (const pattern of this.question.symbols) {
      if (!pattern.includes('*')) {
        found.add(pattern);
        continue;
      }
      const like = new RegExp(`^${pattern.replace(/\*/g, '\\w*')}$`);
      for (const model of models) {
        for (const name of model === undefined ? [] : settable(model)) {
          if (like.test(name)) found.add(name);
        }
      }
    }
    return [...found].sort().slice(0, maxDiffSymbols);
  }

  private compare(
    arch: string,
    symbol: string,
    models: readonly [KconfigModel | undefined, KconfigModel | undefined],
  ): void {
    const [before, after] = [ask(models[0], symbol), ask(models[1], symbol)];
    if (before.kind === after.kind) return;
    const refused = before.kind === 'no' ? 0 : 1;
    const { reason } = refused === 0 ? before : after;
    const [own, other] = [models[refused], models[1 - refused]];
    // Where the other tree has no such architecture, that says all.
    const links =
      own === undefined || other === undefined
        ? []
        : reason.map((link) => ({ ...link, differs: !saysToo(own, other, link) }));
    this.differences.push({
      arch,
      symbol,
      before: before.kind,
      after: after.kind,
      reason: links,
    });
  }
}

function sideOf(tree: SourceTree): Side {
  const ports = new Map(architecturesOf(tree).map((port) => [port.id, port] as const));
  return { tree, cache: kconfigCache(), ports, release: '' };
}

function treeOf({ tree, release }: Side): DiffTree {
  return { name: tree.name, release };
}

function settable(model: KconfigModel): readonly string[] {
  return [...model.types]
    .filter(([, type]) => type === 'bool' || type === 'tristate')
    .map(([id]) => model.names.text(id));
}

function ask(
  model: KconfigModel | undefined,
  symbol: string,
): { readonly kind: Buildable; readonly reason: readonly ReasonLink[] } {
  if (model === undefined || !isDefined(model, symbol)) return { kind: 'absent', reason: [] };
  const answer = satisfy(model, [{ symbol, value: 'n', differs: true }]);
  if (answer.kind === 'yes') return { kind: 'yes', reason: [] };
  if (answer.kind === 'no') return { kind: 'no', reason: answer.reason };
  return { kind: 'not-checked', reason: [] };
}

// Whether the other tree has the line that a link tells of, wherever it stands there.
function saysToo(own: KconfigModel, other: KconfigModel, link: ReasonLink): boolean {
  const there = new Set(statements(other, link.symbol).map(({ text }) => text));
  const here = statements(own, link.symbol);
  if (link.kind === 'depends' || link.kind === 'block' || link.kind === 'prompt') {
    const said = here.filter(({ file, line }) => file === link.file && line === link.line);
    return said.every(({ text }) => there.has(text));
  }
  return here.length === there.size && here.every(({ text }) => there.has(text));
}

interface Statement {
  readonly text: string;
  readonly file: string;
  readonly line: number;
}

// All that the tree says of a symbol: its own lines, those of the blocks around it, its selectors.
function statements(model: KconfigModel, symbol: string): readonly Statement[] {
  const { names, nodes } = model;
  const id = names.find(symbol);
  if (id === undefined) return [];
  const found = new Map<string, Statement>();
  const add = (text: string, file: string, line: number): void => {
    if (!found.has(text)) found.set(text, { text, file, line });
  };
  for (const index of model.definitions.get(id) ?? []) {
    const { body, file } = at(nodes, index);
    const only = (one: { readonly condition?: Parameters<typeof formatExpr>[0] }): string =>
      one.condition === undefined ? '' : ` if ${formatExpr(one.condition, names)}`;
    for (const prompt of body.prompts) add(`prompt${only(prompt)}`, file, prompt.line);
    for (const one of body.defaults) {
      add(`default ${formatExpr(one.value, names)}${only(one)}`, file, one.line);
    }
    for (let node = index; node >= 0; node = at(nodes, node).parent) {
      const around = at(nodes, node);
      for (const { expr, line } of [...around.depends, ...around.body.visible]) {
        add(`depends ${formatExpr(expr, names)}`, around.file, line);
      }
    }
  }
  for (const { by, node, clause } of model.selectedBy.get(id) ?? []) {
    const { condition } = clause;
    const only = condition === undefined ? '' : ` if ${formatExpr(condition, names)}`;
    add(`selected by ${names.text(by)}${only}`, at(nodes, node).file, clause.line);
  }
  return [...found.values()];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
