// Symbols whose values wait for each other: conf looks for them once the menu tree is finished.
// @source scripts/kconfig/symbol.c sym_check_deps(), sym_check_print_recursive() v6.1, v6.12

import { at, fail, never, ok } from '../../../base/index.ts';
import type { Problem, Result } from '../../../base/index.ts';
import { hashOrder } from '../conf/hash.ts';
import { Stop } from '../lines.ts';
import type { KconfigModel } from '../model.ts';
import type { SymbolId } from '../names.ts';
import { sym_get_choice_menu } from './check-symbol.ts';
import { menu_finalize, subEntries } from './menu-tree.ts';
import type { MenuTree, Property, PropertyType } from './menu-tree.ts';
import type { MaybeExpr } from './transform.ts';

/** How one symbol of a cycle waits for the next. */
export type DependencyKind =
  | 'depends'
  | 'selected'
  | 'implied'
  | 'value'
  | 'visible'
  /** A member, whose choice comes next. */
  | 'member'
  /** Up to 6.10: a choice, whose member comes next. */
  | 'choice';

/** One step of a cycle. */
export interface DependencyStep {
  /** `<choice>` for a choice. */
  readonly symbol: string;
  readonly kind: DependencyKind;
  /** For `value` and `visible`: of what kind of line. */
  readonly property: PropertyType | undefined;
  readonly next: string;
  readonly file: string;
  readonly line: number;
  /** Of the choice that comes next. */
  readonly choice?: { readonly file: string; readonly line: number };
}

/** Symbols that wait for each other; the last one for the first. */
export interface DependencyCycle {
  readonly steps: readonly DependencyStep[];
}

/**
 * The cycles that conf reports for a model, in its order; it refuses to run where there is one. A
 * Problem where symbols wait for each other in chains too long to be followed.
 */
export function checkDependencies(model: KconfigModel): Result<readonly DependencyCycle[]> {
  try {
    const tree = menu_finalize(model, { say: () => undefined, warn: () => undefined });
    const checker = new DependencyChecker(tree);
    for (const id of startsOf(tree)) checker.sym_check_deps(id);
    return ok(checker.cycles);
  } catch (error) {
    if (error instanceof Stop) return fail(error.problem);
    throw error;
  }
}

/**
 * The cycles of a model as one Problem, the others with it; undefined where there is none. Takes a
 * second for a whole tree: ask where an evaluation has met a cycle.
 */
export function cyclesProblem(model: KconfigModel): Problem | undefined {
  const cycles = checkDependencies(model);
  if (!cycles.ok) return cycles.problem;
  const [first, ...others] = cycles.value.slice(0, maxTold).map(cycleProblem);
  return first && { ...first, ...(others.length > 0 ? { others } : {}) };
}

/** Cycles that one Problem tells. */
const maxTold = 10;

/** A cycle in one sentence, with its place. */
export function cycleProblem({ steps }: DependencyCycle): Problem {
  const texts = steps.map((step) => `${stepText(step, true)} (${step.file}:${step.line})`);
  const first = steps[0];
  return {
    what: `recursive dependency: ${texts.join(', ')}`,
    ...(first === undefined ? {} : { where: `${first.file}:${first.line}` }),
    hint: 'Documentation/kbuild/kconfig-language.rst of the tree says how to resolve it',
  };
}

/** Symbols in the order in which conf starts from them; one may come twice. */
export function startsOf(tree: MenuTree): readonly SymbolId[] {
  if (tree.model.choiceRules === 'classic') return hashOrder(tree.model);
  return [...subEntries(tree.root)].map(({ symbol }) => symbol).filter((id) => id !== -1);
}

type Where = 'dir' | 'rev' | 'implied' | 'value' | undefined;

interface Frame {
  readonly symbol: SymbolId;
  where: Where;
  property: Property | undefined;
}

/** Symbols that may wait for each other in a row. */
export const maxChain = 1000;

/** Looks for cycles, from one symbol after the other. */
export class DependencyChecker {
  /** Those found so far. */
  readonly cycles: DependencyCycle[] = [];
  readonly #tree: MenuTree;
  readonly #classic: boolean;
  readonly #open = new Set<SymbolId>();
  readonly #done = new Set<SymbolId>();
  readonly #stack: Frame[] = [];

  constructor(tree: MenuTree) {
    this.#tree = tree;
    this.#classic = tree.model.choiceRules === 'classic';
  }

  /** The symbol that closes a cycle, which is then on record; undefined where there is none. */
  sym_check_deps(id: SymbolId): SymbolId | undefined {
    if (this.#open.has(id)) {
      this.#record(id);
      return id;
    }
    if (this.#done.has(id)) return undefined;
    if (this.#stack.length > maxChain) throw this.#tooLong(id);
    const choice = this.#choiceOf(id);
    if (choice !== undefined) {
      this.#stack.push({ symbol: id, where: undefined, property: undefined });
      const found = this.sym_check_deps(choice);
      this.#stack.pop();
      return found;
    }
    if (this.#isChoice(id)) return this.#sym_check_choice_deps(id);
    this.#open.add(id);
    this.#done.add(id);
    const found = this.#sym_check_sym_deps(id);
    this.#open.delete(id);
    return found;
  }

  #sym_check_choice_deps(choice: SymbolId): SymbolId | undefined {
    this.#stack.push({ symbol: choice, where: undefined, property: undefined });
    const members = this.#members(choice);
    for (const id of [...members, choice]) {
      this.#open.add(id);
      this.#done.add(id);
    }
    let found = this.#sym_check_sym_deps(choice);
    this.#open.delete(choice);
    for (const id of members) found ??= this.#sym_check_sym_deps(id);
    for (const id of members) this.#open.delete(id);
    if (found !== undefined && this.#choiceOf(found) === choice) found = choice;
    this.#stack.pop();
    return found;
  }

  #sym_check_sym_deps(id: SymbolId): SymbolId | undefined {
    const { dirDep, revDep, implied, properties } = this.#tree;
    const frame: Frame = { symbol: id, where: 'dir', property: undefined };
    this.#stack.push(frame);
    let found = this.#expr(dirDep.get(id));
    if (found === undefined) {
      frame.where = 'rev';
      found = this.#expr(revDep.get(id));
    }
    if (found === undefined) {
      frame.where = 'implied';
      found = this.#expr(implied.get(id));
    }
    for (const property of found === undefined ? (properties.get(id) ?? []) : []) {
      if (['select', 'imply', 'choice'].includes(property.type)) continue;
      frame.where = undefined;
      frame.property = property;
      found = this.#expr(property.visible);
      if (found === undefined && property.type === 'default' && !this.#isChoice(id)) {
        frame.where = 'value';
        found = this.#expr(property.expr);
      }
      if (found !== undefined) break;
    }
    this.#stack.pop();
    return found;
  }

  #expr(expr: MaybeExpr): SymbolId | undefined {
    if (expr === undefined) return undefined;
    switch (expr.kind) {
      case 'or':
      case 'and':
        return this.#expr(expr.a) ?? this.#expr(expr.b);
      case 'not':
        return this.#expr(expr.a);
      case 'compare':
        return this.sym_check_deps(expr.a) ?? this.sym_check_deps(expr.b);
      case 'symbol':
        return this.sym_check_deps(expr.id);
      default:
        return never(expr, 'expression');
    }
  }

  #choiceOf(id: SymbolId): SymbolId | undefined {
    if (this.#classic) return this.#tree.choiceOf.get(id);
    return sym_get_choice_menu(this.#tree, id)?.symbol;
  }

  #isChoice(id: SymbolId): boolean {
    return this.#nodeOf(id)?.kind === 'choice';
  }

  #members(choice: SymbolId): readonly SymbolId[] {
    if (this.#classic) return this.#tree.choiceMembers.get(choice) ?? [];
    const [first = 0] = this.#tree.model.definitions.get(choice) ?? [];
    const entries = [...subEntries(at(this.#tree.menus, first))];
    return entries.map(({ symbol }) => symbol).filter((id) => id !== -1);
  }

  #nodeOf(id: SymbolId): KconfigModel['nodes'][number] | undefined {
    const [first] = this.#tree.model.definitions.get(id) ?? [];
    return first === undefined ? undefined : this.#tree.model.nodes[first];
  }

  #record(closing: SymbolId): void {
    const frames = [...this.#stack];
    let last = closing;
    const choice = this.#choiceOf(closing);
    if (choice !== undefined) {
      frames.push({ symbol: closing, where: undefined, property: undefined });
      last = choice;
    }
    const start = frames.findLastIndex(({ symbol }) => symbol === last);
    const steps = frames.slice(start).map((frame, place, all) => {
      return this.#step(frame, all[place + 1]?.symbol ?? last);
    });
    if (start >= 0) this.cycles.push({ steps });
  }

  #step({ symbol, where, property }: Frame, next: SymbolId): DependencyStep {
    const place = property ?? this.#nodeOf(symbol) ?? { file: '', line: 0 };
    const choice = this.#isChoice(next) ? this.#nodeOf(next) : undefined;
    const isOfChoice =
      this.#classic && (this.#isChoice(symbol) || this.#choiceOf(symbol) !== undefined);
    const { file, line } = isOfChoice ? (this.#nodeOf(symbol) ?? place) : place;
    return {
      symbol: this.#nameOf(symbol),
      kind: this.#kindOf(symbol, next, where),
      property: property?.type,
      next: this.#nameOf(next),
      file,
      line,
      ...(choice === undefined ? {} : { choice: { file: choice.file, line: choice.line } }),
    };
  }

  #kindOf(symbol: SymbolId, next: SymbolId, where: Where): DependencyKind {
    if (this.#classic && this.#isChoice(symbol)) return 'choice';
    if (this.#classic ? this.#choiceOf(symbol) !== undefined : this.#isChoice(next)) {
      return 'member';
    }
    if (where === 'dir') return 'depends';
    if (where === 'rev') return 'selected';
    if (where === 'implied') return 'implied';
    return where === 'value' ? 'value' : 'visible';
  }

  #tooLong(id: SymbolId): Stop {
    const node = this.#nodeOf(id);
    return new Stop({
      what: `more than ${maxChain} symbols wait for each other in a row, up to ${this.#nameOf(id)}`,
      ...(node === undefined ? {} : { where: `${node.file}:${node.line}` }),
      hint: 'conf itself would go on until its stack is full',
    });
  }

  #nameOf(id: SymbolId): string {
    return this.#isChoice(id) ? '<choice>' : this.#tree.model.names.text(id);
  }
}

/** A cycle as conf prints it to stderr. */
export function sym_check_print_recursive(
  { steps }: DependencyCycle,
  rules: KconfigModel['choiceRules'],
): string {
  const isClassic = rules === 'classic';
  const lines: string[] = [];
  for (const step of steps) {
    const place = isClassic ? `${step.file}:${step.line}:` : '';
    if (step === steps[0]) lines.push(`${place}error: recursive dependency detected!`);
    lines.push(`${place}\t${stepText(step, isClassic)}`);
  }
  const advice = [
    'For a resolution refer to Documentation/kbuild/kconfig-language.rst',
    'subsection "Kconfig recursive dependency limitations"',
  ];
  return `${[...lines, ...advice].join('\n')}\n\n`;
}

function stepText(step: DependencyStep, isClassic: boolean): string {
  const { symbol, next, kind, choice } = step;
  const property = step.property ?? (isClassic ? 'symbol' : 'unknown');
  switch (kind) {
    case 'choice':
      return `choice ${symbol} contains symbol ${next}`;
    case 'member':
      if (isClassic) return `symbol ${symbol} is part of choice ${next}`;
      return `symbol ${symbol} is part of choice block at ${choice?.file}:${choice?.line}`;
    case 'depends':
      return `symbol ${symbol} depends on ${next}`;
    case 'selected':
      return `symbol ${symbol} is selected by ${next}`;
    case 'implied':
      return `symbol ${symbol} is implied by ${next}`;
    case 'value':
      return `symbol ${symbol} ${property} value contains ${next}`;
    case 'visible':
      return `symbol ${symbol} ${property} is visible depending on ${next}`;
    default:
      return never(kind, 'dependency');
  }
}
