// Which texts a number or string may have, as far as it matters: what its defaults and ranges give,
// and, where the user may answer, the numbers that it is compared with over any chain of symbols,
// and those beside them.

import { at } from '../../../base/index.ts';
import { leadingNumber } from '../compare.ts';
import { eachSymbol } from '../expr.ts';
import type { Expr } from '../expr.ts';
import type { KconfigModel } from '../model.ts';
import { idY } from '../names.ts';
import type { SymbolId } from '../names.ts';

/** Texts that one symbol may have at most; more are not looked at. */
export const maxTexts = 256;

/** The texts of the numbers and strings of one model. */
export class Domains {
  private readonly model: KconfigModel;
  private readonly asked: ReadonlyMap<SymbolId, readonly string[]>;
  private readonly known = new Map<SymbolId, readonly string[]>();
  private readonly answers = new Map<SymbolId, readonly string[]>();
  private readonly cut = new Set<SymbolId>();
  private neighbours: ReadonlyMap<SymbolId, ReadonlySet<SymbolId>> | undefined;

  /** `asked` are texts that the question itself names. */
  constructor(model: KconfigModel, asked: ReadonlyMap<SymbolId, readonly string[]>) {
    this.model = model;
    this.asked = asked;
  }

  /** Whether the symbol is a number or a string. */
  isText(id: SymbolId): boolean {
    const type = this.model.types.get(id);
    return type === 'int' || type === 'hex' || type === 'string';
  }

  /** What the symbol has with neither answer nor default. */
  start(id: SymbolId): string {
    const type = this.model.types.get(id);
    if (this.model.choiceRules === 'classic' || type === 'string') return '';
    return type === 'int' ? '0' : '0x0';
  }

  /** All texts that the symbol may have, sorted. */
  texts(id: SymbolId): readonly string[] {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    // A cycle of defaults finds the unfinished list here.
    this.known.set(id, [this.start(id)]);
    const found = new Set([this.start(id), ...this.answerable(id)]);
    const add = (other: SymbolId): void => {
      for (const text of this.operand(other)) found.add(text);
    };
    for (const index of this.model.definitions.get(id) ?? []) {
      const { defaults, ranges, env } = at(this.model.nodes, index).body;
      if (env !== undefined) found.add(this.model.environment[env] ?? '');
      for (const { value } of defaults) if (value.kind === 'symbol') add(value.id);
      for (const { low, high } of ranges) {
        add(low);
        add(high);
      }
    }
    const texts = this.bounded(id, found);
    this.known.set(id, texts);
    return texts;
  }

  private bounded(id: SymbolId, texts: ReadonlySet<string>): readonly string[] {
    if (texts.size > maxTexts) this.cut.add(id);
    return [...texts].sort().slice(0, maxTexts);
  }

  /** Symbols of which not all texts were looked at. */
  unfinished(): readonly SymbolId[] {
    return [...this.cut].sort((a, b) => a - b);
  }

  /** All texts that a default or a limit may have. */
  operand(id: SymbolId): readonly string[] {
    const type = this.model.types.get(id);
    if (this.isText(id)) return this.texts(id);
    if (type === 'bool' || type === 'tristate') return ['n', 'm', 'y'];
    return [this.model.names.text(id)];
  }

  /** The texts that the user may answer with, sorted; none where there is no prompt. */
  answerable(id: SymbolId): readonly string[] {
    const known = this.answers.get(id);
    if (known !== undefined) return known;
    const prompts = (this.model.definitions.get(id) ?? []).some(
      (index) => at(this.model.nodes, index).body.prompts.length > 0,
    );
    const texts = prompts ? this.candidates(id) : [];
    this.answers.set(id, texts);
    return texts;
  }

  private candidates(id: SymbolId): readonly string[] {
    const type = this.model.types.get(id);
    const related = this.related(id);
    const texts = [...related].flatMap((other) => this.written(other));
    if (type === 'string') return [...new Set([...texts, '', this.other(texts)])].sort();
    const settable = [...related].filter((other) => this.isText(other)).length;
    const spread = BigInt(Math.min(3, Math.max(1, settable - 1)));
    const found = new Set<string>();
    for (const number of [0n, ...texts.map(numberOf)]) {
      for (let near = number - spread; near <= number + spread; near += 1n) {
        if (type === 'int') found.add(`${near}`);
        else if (near >= 0n) found.add(`0x${near.toString(16)}`);
      }
    }
    return this.bounded(id, found);
  }

  // A string that is none of those written: it stands for all others.
  private other(texts: readonly string[]): string {
    let text = 'other';
    while (texts.includes(text)) text += 'x';
    return text;
  }

  private written(id: SymbolId): readonly string[] {
    const asked = this.asked.get(id) ?? [];
    if (this.isText(id)) return [...asked, this.start(id)];
    const type = this.model.types.get(id);
    // Beside a number, n, m and y count as 0, 1 and 2.
    const isLogic = id <= idY || type === 'bool' || type === 'tristate';
    return isLogic ? ['n', 'm', 'y', '0', '1', '2'] : [this.model.names.text(id)];
  }

  /** The symbols and constants tied to this one by comparisons, defaults and ranges. */
  private related(id: SymbolId): ReadonlySet<SymbolId> {
    this.neighbours ??= this.allNeighbours();
    const found = new Set([id]);
    for (const one of found) {
      // Constants end the chain: that two symbols name the same number does not tie them.
      if (!this.isText(one)) continue;
      for (const next of this.neighbours.get(one) ?? []) found.add(next);
    }
    return found;
  }

  private allNeighbours(): ReadonlyMap<SymbolId, ReadonlySet<SymbolId>> {
    const pairs = new Map<SymbolId, Set<SymbolId>>();
    const tie = (a: SymbolId, b: SymbolId): void => {
      if (this.isText(a)) addTo(pairs, a, b);
      if (this.isText(b)) addTo(pairs, b, a);
    };
    const walk = (expr: Expr | undefined): void => {
      if (expr !== undefined) eachComparison(expr, tie);
    };
    for (const { symbol, depends, body } of this.model.nodes) {
      for (const clause of [...depends, ...body.visible]) walk(clause.expr);
      for (const { condition } of body.prompts) walk(condition);
      for (const { condition } of [...body.selects, ...body.implies]) walk(condition);
      for (const { value, condition } of body.defaults) {
        walk(condition);
        walk(value);
        if (symbol !== -1 && this.isText(symbol)) eachSymbol(value, (other) => tie(symbol, other));
      }
      for (const { low, high, condition } of body.ranges) {
        walk(condition);
        tie(symbol, low);
        tie(symbol, high);
      }
    }
    return pairs;
  }
}

function addTo(pairs: Map<SymbolId, Set<SymbolId>>, a: SymbolId, b: SymbolId): void {
  const known = pairs.get(a);
  if (known === undefined) pairs.set(a, new Set([b]));
  else known.add(b);
}

function eachComparison(expr: Expr, visit: (a: SymbolId, b: SymbolId) => void): void {
  if (expr.kind === 'compare') visit(expr.a, expr.b);
  else if (expr.kind === 'not') eachComparison(expr.a, visit);
  else if (expr.kind !== 'symbol') {
    eachComparison(expr.a, visit);
    eachComparison(expr.b, visit);
  }
}

function numberOf(text: string): bigint {
  if (/^0[0-7]+$/.test(text)) return BigInt(`0o${text.slice(1)}`);
  return leadingNumber(text, /^\s*[+-]?0[xX]/.test(text) ? 16 : 10);
}
