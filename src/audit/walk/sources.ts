// Where the walker finds what is called: in the file itself, then in headers that it includes.

import {
  type CallExpr,
  type Expr,
  expressionsOf,
  type Flow,
  readUnit,
  type Unit,
  visit,
} from '../flow/index.ts';
import type { CSyntax } from '../c/index.ts';
import { appliesTo, functionsOf, type Protocol } from '../protocol/index.ts';
import type { SourceTree } from '../tree.ts';
import type { Sources } from './context.ts';

/** Nodes up to which a function is walked into whatever it does: getters of one line. */
const SMALL = 4;
// What else a walk is interested in, beside the functions of the protocols.
const TELLING = /^(?:devm|drmm)_add_action/;

/** Units of a tree, read when they are asked for, and the functions in them. */
export class TreeSources implements Sources {
  readonly #tree: SourceTree;
  readonly #syntax: CSyntax;
  readonly #protocols: readonly Protocol[];
  readonly #told = new Map<string, ReadonlySet<string>>();
  readonly #units = new Map<string, Unit | undefined>();
  readonly #relevant = new Map<Unit, Map<string, boolean>>();
  readonly #telling = new Map<string, boolean>();
  readonly #flows = new Map<Unit, ReadonlyMap<string, Flow>>();

  constructor(tree: SourceTree, syntax: CSyntax, protocols: readonly Protocol[]) {
    this.#tree = tree;
    this.#syntax = syntax;
    this.#protocols = protocols;
  }

  /** The unit of a file; undefined where it cannot be read. */
  unit(file: string): Unit | undefined {
    if (this.#units.has(file)) return this.#units.get(file);
    const text = this.#tree.read(file);
    const unit = text.ok ? readUnit(file, text.value, this.#syntax) : undefined;
    this.#units.set(file, unit);
    return unit;
  }

  /** Forgets a file that is walked; its headers stay. */
  drop(file: string): void {
    const unit = this.#units.get(file);
    this.#units.delete(file);
    if (unit === undefined) return;
    this.#relevant.delete(unit);
    this.#flows.delete(unit);
  }

  flow(name: string, from: Unit): { readonly flow: Flow; readonly unit: Unit } | undefined {
    const own = this.#flowsOf(from).get(name);
    if (own !== undefined) return { flow: own, unit: from };
    for (const unit of this.#headers(from, name)) {
      const flow = this.#flowsOf(unit).get(name);
      if (flow !== undefined) return { flow, unit };
    }
    return undefined;
  }

  macro(name: string, from: Unit) {
    const own = from.macros.get(name);
    if (own !== undefined) return own;
    return this.#headers(from, name)
      .find((unit) => unit.macros.has(name))
      ?.macros.get(name);
  }

  free(name: string, from: Unit) {
    for (const unit of [from, ...this.#headers(from)]) {
      const helper = unit.frees.find((one) => one.name === name);
      if (helper !== undefined) return { helper, unit };
    }
    return undefined;
  }

  isElsewhere(words: readonly string[], { file }: Unit): boolean {
    const folder = file.slice(0, file.lastIndexOf('/'));
    return (this.#tree.list(folder) ?? []).some((name) => {
      const other = `${folder}/${name}`;
      if (!name.endsWith('.c') || other === file) return false;
      const text = this.#tree.read(other);
      return text.ok && words.every((word) => new RegExp(`\\b${word}\\b`).test(text.value));
    });
  }

  isRelevant(name: string, from: Unit): boolean {
    const found = this.flow(name, from);
    if (found === undefined) return false;
    return found.flow.nodes.length <= SMALL || this.#leads(name, found.unit);
  }

  /** Whether a function calls one of the protocols, directly or not. */
  #leads(name: string, from: Unit): boolean {
    const known = this.#relevant.get(from) ?? new Map<string, boolean>();
    this.#relevant.set(from, known);
    const before = known.get(name);
    if (before !== undefined) return before;
    known.set(name, false);
    const found = this.flow(name, from);
    const told = this.#toldIn(from.file);
    const answer =
      found !== undefined &&
      callsOf(found.flow).some(
        (callee) => told.has(callee) || TELLING.test(callee) || this.#leads(callee, found.unit),
      );
    known.set(name, answer);
    return answer;
  }

  /** Functions that the protocols name which hold in a file. */
  #toldIn(file: string): ReadonlySet<string> {
    const known = this.#told.get(file);
    if (known !== undefined) return known;
    const applying = this.#protocols.filter((one) => appliesTo(one, file));
    const names = new Set(applying.flatMap((one) => [...functionsOf(one)]));
    this.#told.set(file, names);
    return names;
  }

  #flowsOf(unit: Unit): ReadonlyMap<string, Flow> {
    const known = this.#flows.get(unit);
    if (known !== undefined) return known;
    const flows = new Map<string, Flow>();
    for (const flow of unit.flows) {
      // Of alternatives that preprocessor conditions choose between, the longest: not the stub.
      const before = flows.get(flow.name);
      if (before === undefined || before.nodes.length < flow.nodes.length) {
        flows.set(flow.name, flow);
      }
    }
    this.#flows.set(unit, flows);
    return flows;
  }

  /**
   * Headers of the file's own folder: those of include/linux hold no part of a driver. Only those
   * that name a function of the protocols, or how one thing leads to another (`to_x()`).
   */
  #headers(from: Unit, wanted = ''): readonly Unit[] {
    const folder = from.file.slice(0, from.file.lastIndexOf('/') + 1);
    return from.includes.flatMap(({ path, quoted }) => {
      const file = `${folder}${path}`;
      if (!quoted || path.includes('..') || file === from.file) return [];
      if (!this.#tells(file, from.file) && !this.#defines(file, wanted)) return [];
      const unit = this.unit(file);
      return unit === undefined ? [] : [unit];
    });
  }

  #defines(file: string, name: string): boolean {
    if (!/(?:^|_)to_/.test(name)) return false;
    const text = this.#tree.read(file);
    return text.ok && text.value.includes(`${name}(`);
  }

  /** Whether a header names a function of the protocols: else it is not worth parsing. */
  #tells(file: string, user: string): boolean {
    const known = this.#telling.get(file);
    if (known !== undefined) return known;
    const text = this.#tree.read(file);
    const answer = text.ok && [...this.#toldIn(user)].some((name) => text.value.includes(name));
    this.#telling.set(file, answer);
    return answer;
  }
}

const calls = new WeakMap<Flow, readonly string[]>();

/** Names of the functions that a function calls, each once. */
export function callsOf(flow: Flow): readonly string[] {
  const known = calls.get(flow);
  if (known !== undefined) return known;
  const names = new Set<string>();
  for (const call of callExprsOf(flow)) if (call.callee !== undefined) names.add(call.callee);
  const list = [...names];
  calls.set(flow, list);
  return list;
}

/** Every call of a function, in order of place. */
export function callExprsOf(flow: Flow): readonly CallExpr[] {
  const found: CallExpr[] = [];
  const look = (expr: Expr): void => {
    if (expr.kind === 'call') found.push(expr);
  };
  for (const node of flow.nodes) for (const expr of expressionsOf(node)) visit(expr, look);
  return found.sort((a, b) => a.at - b.at);
}
