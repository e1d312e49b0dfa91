// The words of reasons: how a reader is told which line of Kconfig stands in the way.

import { at } from '../../../base/index.ts';
import type { Body, DefaultClause } from '../ast.ts';
import { formatExpr } from '../expr.ts';
import type { Expr } from '../expr.ts';
import type { KconfigModel, MenuNode, Reverse } from '../model.ts';
import type { SymbolId } from '../names.ts';
import type { Group } from './group.ts';
import { symbolsOf } from './terms.ts';

/** Names that a list shows before it says how many more there are. */
export const maxListed = 4;

/** Makes the groups of symbols; their texts are put together only when asked for. */
export class Words {
  private readonly model: KconfigModel;

  constructor(model: KconfigModel) {
    this.model = model;
  }

  /** That a symbol without prompt and defaults is set by nothing but the selects listed. */
  sources(id: SymbolId): Group {
    const text = (): string => {
      if (this.selectors(id).length === 0) return 'has no prompt, and nothing selects it';
      return `has no prompt, and is selected only by ${this.selectorList(id)}`;
    };
    return { ...this.selectedOnly(id), text };
  }

  /** Whether any definition of the symbol has a prompt. */
  hasPrompt(id: SymbolId): boolean {
    return this.nodesOf(id).some(({ body }) => body.prompts.length > 0);
  }

  /** That nothing but the `select` lines listed selects the symbol. */
  selectedOnly(id: SymbolId): Group {
    const text = (): string => `is selected only by ${this.selectorList(id)}`;
    const leads = (): readonly SymbolId[] =>
      this.selectors(id).flatMap(({ by, clause }) => leadsOf(by, clause.condition));
    return { kind: 'sources', ...this.placeOf(id), text, leads };
  }

  private selectors(id: SymbolId): readonly Reverse[] {
    if (this.model.choiceOf.has(id)) return [];
    return this.model.selectedBy.get(id) ?? [];
  }

  private selectorList(id: SymbolId): string {
    const all = this.selectors(id).map(({ by, node, clause }) => {
      const only = this.ifText(clause.condition);
      const { file } = at(this.model.nodes, node);
      return `${this.model.names.text(by)}${only} (${file}:${clause.line})`;
    });
    return list(all);
  }

  /** A `select` or `imply` line that sets the symbol. */
  reverse(id: SymbolId, { by, node, clause }: Reverse, kind: 'select' | 'imply'): Group {
    const { names } = this.model;
    const verb = kind === 'select' ? 'selected' : 'implied';
    const text = (): string => `is ${verb} by ${names.text(by)}${this.ifText(clause.condition)}`;
    const leads = (): readonly SymbolId[] => leadsOf(by, clause.condition);
    const { file } = at(this.model.nodes, node);
    return { kind, symbol: id, node, file, line: clause.line, text, leads };
  }

  /** A `default` line. */
  fallback(id: SymbolId, node: number, { value, condition, line }: DefaultClause): Group {
    const text = (): string => {
      const given = `is ${formatExpr(value, this.model.names)} by default${this.ifText(condition)}`;
      return this.hasPrompt(id) ? given : `has no prompt and ${given}`;
    };
    const leads = (): readonly SymbolId[] => leadsOf(value, condition);
    const { file } = at(this.model.nodes, node);
    return { kind: 'default', symbol: id, node, file, line, text, leads };
  }

  /** A number or string, and where its value comes from. */
  value(id: SymbolId): Group {
    const defaults = this.nodesOf(id).flatMap(({ body }) => body.defaults);
    const ranges = this.nodesOf(id).flatMap(({ body }) => body.ranges);
    const text = (): string => {
      if (ranges.length > 0) return `is kept within ${list(ranges.map((one) => this.range(one)))}`;
      if (this.hasPrompt(id)) return 'takes only what its prompt and its defaults allow';
      const all = defaults.map(
        ({ value, condition }) => `${formatExpr(value, this.model.names)}${this.ifText(condition)}`,
      );
      return all.length === 0 ? 'has no prompt and no value' : `has no prompt and is ${list(all)}`;
    };
    const leads = (): readonly SymbolId[] =>
      this.nodesOf(id).flatMap(({ body }) => [
        ...body.defaults.flatMap(({ value, condition }) => leadsOf(value, condition)),
        ...body.ranges.flatMap(({ low, high, condition }) => [low, ...leadsOf(high, condition)]),
      ]);
    return { kind: 'value', ...this.placeOf(id), text, leads };
  }

  /** A choice and its members. */
  choice(node: number, members: readonly SymbolId[]): Group {
    const { file, line, symbol, body } = at(this.model.nodes, node);
    const names = list(members.map((member) => this.model.names.text(member)));
    const count = this.model.choiceRules === 'classic' && body.optional ? 'at most one' : 'one';
    const text = (): string => `is a choice of ${count} of ${names}`;
    return { kind: 'choice', symbol, node, file, line, text, leads: () => members };
  }

  private range({ low, high, condition }: Body['ranges'][number]): string {
    const { names } = this.model;
    return `${names.text(low)} and ${names.text(high)}${this.ifText(condition)}`;
  }

  private ifText(condition: Expr | undefined): string {
    return condition === undefined ? '' : ` if ${formatExpr(condition, this.model.names)}`;
  }

  private nodesOf(id: SymbolId): readonly MenuNode[] {
    return (this.model.definitions.get(id) ?? []).map((index) => at(this.model.nodes, index));
  }

  /** Where a symbol is defined: with its prompt if it has one. */
  placeOf(id: SymbolId): Pick<Group, 'symbol' | 'node' | 'file' | 'line'> {
    const indices = this.model.definitions.get(id) ?? [];
    const hasPrompt = (index: number): boolean =>
      at(this.model.nodes, index).body.prompts.length > 0;
    const node = indices.find(hasPrompt) ?? indices[0] ?? 0;
    const { file, line } = at(this.model.nodes, node);
    return { symbol: id, node, file, line };
  }
}

function leadsOf(first: Expr | SymbolId, condition: Expr | undefined): readonly SymbolId[] {
  const start = typeof first === 'number' ? [first] : symbolsOf(first);
  return condition === undefined ? start : [...start, ...symbolsOf(condition)];
}

function list(all: readonly string[]): string {
  const shown = all.length > maxListed + 1 ? all.slice(0, maxListed) : all;
  const rest = all.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}
