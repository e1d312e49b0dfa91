// Why a symbol is n: the chain of unmet clauses from it down to the symbol that decides. Where
// several clauses are unmet, one is followed and the others are named beside it.

import { at, never } from '../../base/index.ts';
import type { Source } from '../../base/index.ts';
import type { ChainLink } from '../../kernel/index.ts';
import type { Values } from './values.ts';
import { formatExpr, operands } from './expr.ts';
import type { Expr } from './expr.ts';
import type { KconfigModel, MenuNode } from './model.ts';
import type { SymbolId } from './names.ts';

/** Links that a chain may have; a longer one ends there. */
export const maxChain = 40;

/** The chain of reasons for an n or undefined symbol; empty for every other value. */
export function explain(
  model: KconfigModel,
  values: Values,
  preset: Readonly<Record<string, string>>,
  symbol: string,
): readonly ChainLink[] {
  const id = model.names.find(symbol);
  const start: Source = { kind: 'tree', file: 'Kconfig', line: 1 };
  if (id === undefined) return [undefinedLink(symbol, start)];
  return new Explainer(model, values, preset).chain(id, start);
}

/** One unmet condition: how it reads, where it stands, and the symbol to go on with. */
interface Unmet {
  readonly text: string;
  readonly word: string;
  readonly source: Source;
  readonly next: SymbolId | undefined;
  readonly rank: number;
}

function undefinedLink(symbol: string, source: Source): ChainLink {
  const because = 'no Kconfig file of this port defines it';
  return { symbol, value: 'undefined', because, source };
}

class Explainer {
  private readonly model: KconfigModel;
  private readonly values: Values;
  private readonly preset: Readonly<Record<string, string>>;

  constructor(model: KconfigModel, values: Values, preset: Readonly<Record<string, string>>) {
    this.model = model;
    this.values = values;
    this.preset = preset;
  }

  chain(start: SymbolId, place: Source): readonly ChainLink[] {
    const links: ChainLink[] = [];
    const seen = new Set<SymbolId>();
    let id: SymbolId | undefined = start;
    let source = place;
    while (id !== undefined && links.length < maxChain && !seen.has(id)) {
      seen.add(id);
      const name = this.model.names.text(id);
      if (!this.model.definitions.has(id)) {
        if (!this.model.names.isConstant(id)) links.push(undefinedLink(name, source));
        break;
      }
      if (!this.isTristate(id) || this.values.tri(id) !== 0) break;
      const step = this.step(id, seen);
      links.push({ symbol: name, value: 'n', because: step.because, source: step.source });
      source = step.source;
      id = step.next;
    }
    return links;
  }

  private step(
    id: SymbolId,
    seen: ReadonlySet<SymbolId>,
  ): { readonly because: string; readonly source: Source; readonly next: SymbolId | undefined } {
    const node = this.mainNode(id);
    const source = placeOf(node, node.line);
    const fixed = this.fixed(id);
    if (fixed !== undefined) return { because: fixed, source, next: undefined };
    const unmet = this.unmetOf(id).sort((a, b) => a.rank - b.rank);
    const chosen = unmet.find((one) => one.next === undefined || !seen.has(one.next)) ?? unmet[0];
    if (chosen === undefined) return { because: this.nobody(id), source, next: undefined };
    const others = [...new Set(unmet.map((one) => one.text))].filter(
      (text) => text !== chosen.text,
    );
    const also = others.length === 0 ? '' : `; also unmet: ${others.join(', ')}`;
    const next = chosen.next === undefined || seen.has(chosen.next) ? undefined : chosen.next;
    return { because: `${chosen.word} ${chosen.text}${also}`, source: chosen.source, next };
  }

  // Visible, yet n: somebody answered no, or another member of the choice was taken.
  private fixed(id: SymbolId): string | undefined {
    if (this.values.visible(id) === 0) return undefined;
    const name = this.model.names.text(id);
    if (Object.hasOwn(this.preset, name) && this.preset[name] === 'n') {
      return 'this port fixes it to n';
    }
    const choice = this.model.choiceOf.get(id);
    if (choice === undefined) return undefined;
    const { file, line } = at(this.model.nodes, choice);
    const taken = (this.model.members.get(choice) ?? [])
      .map((index) => at(this.model.nodes, index).symbol)
      .find((member) => member !== -1 && this.values.tri(member) === 2);
    const winner = taken === undefined || taken === -1 ? 'none' : this.model.names.text(taken);
    return `the choice at ${file}:${line} takes ${winner}`;
  }

  // Nothing is unmet, and still n: no prompt, no default that holds, nobody selects it.
  private nobody(id: SymbolId): string {
    const selectors = this.model.selectedBy.get(id) ?? [];
    if (selectors.length === 0) return 'has no prompt, and nothing selects it on this port';
    const { names, nodes } = this.model;
    const list = selectors.map(({ by, node, clause }) => {
      const { condition } = clause;
      const only = condition === undefined ? '' : ` if ${formatExpr(condition, names)}`;
      return `${names.text(by)}${only} (${at(nodes, node).file}:${clause.line})`;
    });
    const shown = list.length > 6 ? [...list.slice(0, 6), `${list.length - 6} more`] : list;
    return `has no prompt, and is selected only by ${shown.join(', ')}`;
  }

  private unmetOf(id: SymbolId): Unmet[] {
    const found: Unmet[] = [];
    const nodes = this.model.definitions.get(id) ?? [];
    for (const index of nodes) found.push(...this.unmetAround(index));
    if (found.length > 0) return found;
    for (const index of nodes) {
      const node = at(this.model.nodes, index);
      for (const { condition, line } of [...node.body.prompts, ...node.body.defaults]) {
        if (condition === undefined) continue;
        found.push(...this.unmet(condition, 'can be asked for only if', placeOf(node, line)));
      }
    }
    if (found.length > 0) return found;
    for (const index of nodes) {
      const node = at(this.model.nodes, index);
      for (const { value, line } of node.body.defaults) {
        found.push(...this.unmet(value, 'defaults to', placeOf(node, line)));
      }
    }
    return found;
  }

  // Unmet dependencies of one definition: its own first, then those of the blocks around it.
  private unmetAround(index: number): Unmet[] {
    const found: Unmet[] = [];
    for (let at_ = index; at_ >= 0; at_ = at(this.model.nodes, at_).parent) {
      const node = at(this.model.nodes, at_);
      for (const { expr, line } of node.depends) {
        const word = at_ === index ? 'depends on' : `stands in a ${node.kind} that needs`;
        found.push(...this.unmet(expr, word, placeOf(node, line)));
      }
    }
    return found;
  }

  private unmet(expr: Expr, word: string, source: Source): Unmet[] {
    if (this.values.dependency(expr) !== 0) return [];
    if (expr.kind === 'and') {
      return [...this.unmet(expr.a, word, source), ...this.unmet(expr.b, word, source)];
    }
    const next = this.follow(expr);
    const text = formatExpr(expr, this.model.names);
    return [{ text, word, source, next, rank: this.rank(expr, next) }];
  }

  // The symbol to go on with: the first missing one of the expression; none for a negation, where
  // something is present that should not be.
  private follow(expr: Expr): SymbolId | undefined {
    switch (expr.kind) {
      case 'symbol':
        return expr.id;
      case 'or':
      case 'and':
        for (const part of operands(expr, expr.kind)) {
          if (this.values.dependency(part) !== 0) continue;
          const next = this.follow(part);
          if (next !== undefined) return next;
        }
        return undefined;
      case 'compare':
        return expr.op === '=' && this.values.text(expr.a) === 'n' ? expr.a : undefined;
      case 'not':
        return undefined;
      default:
        return never(expr, 'expression');
    }
  }

  // Missing symbols come before clauses that forbid one. 64BIT comes before all: it is the reason a
  // reader knows. MMU comes late: ports without one lack the rest too, and that says more.
  private rank(expr: Expr, next: SymbolId | undefined): number {
    if (next === undefined) return 3;
    const name = this.model.names.text(next);
    if (expr.kind === 'symbol' && name === '64BIT') return 0;
    return name === 'MMU' ? 2 : 1;
  }

  private isTristate(id: SymbolId): boolean {
    const type = this.model.types.get(id);
    return type === 'bool' || type === 'tristate';
  }

  private mainNode(id: SymbolId): MenuNode {
    const nodes = (this.model.definitions.get(id) ?? []).map((index) =>
      at(this.model.nodes, index),
    );
    return nodes.find((node) => node.body.prompts.length > 0) ?? at(nodes, 0);
  }
}

function placeOf(node: MenuNode, line: number): Source {
  return { kind: 'tree', file: node.file, line };
}
