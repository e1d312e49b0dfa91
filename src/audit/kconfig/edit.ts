// What if a dependency read differently: changed copies of a model, without reading the tree again.

import { at } from '../../base/index.ts';
import type { Result } from '../../base/index.ts';
import { formatExpr, join } from './expr.ts';
import type { Expr } from './expr.ts';
import type { Clause } from './ast.ts';
import { lexLine } from './lex.ts';
import type { KconfigModel, MenuNode } from './model.ts';
import { parseExprLine } from './parse-line.ts';

/** An expression written in Kconfig words, over the names of a model. */
export function parseExpression(model: KconfigModel, text: string): Result<Expr> {
  // Behind an `if`, so that `A = B` is not taken for an assignment.
  const { tokens } = lexLine(`if ${text}`, 0, 1);
  return parseExprLine(tokens, 1, model.names, { path: 'expression', line: 1 });
}

/**
 * A copy of the model in which the own `depends on` clauses of a symbol (those of the blocks around
 * it are left alone) are replaced by what `rewrite` makes of them. It is called once for each
 * definition of the symbol.
 */
export function rewriteDependencies(
  model: KconfigModel,
  symbol: string,
  rewrite: (clauses: readonly Clause[], node: MenuNode) => readonly Clause[],
): KconfigModel {
  const id = model.names.find(symbol);
  const indices = id === undefined ? [] : (model.definitions.get(id) ?? []);
  const nodes = [...model.nodes];
  for (const index of indices) {
    const node = at(nodes, index);
    nodes[index] = { ...node, depends: rewrite(node.depends, node) };
  }
  return { ...model, nodes };
}

/**
 * A copy in which every conjunct of the symbol's own dependencies that reads like `clause` is gone.
 * Unchanged (the very same object) where there is none.
 */
export function withoutClause(model: KconfigModel, symbol: string, clause: Expr): KconfigModel {
  if (!hasClause(model, symbol, clause)) return model;
  const text = formatExpr(clause, model.names);
  return rewriteDependencies(model, symbol, (clauses) =>
    clauses.flatMap((each) => {
      const kept = strip(model, each.expr, text);
      return kept === undefined ? [] : [{ expr: kept, line: each.line }];
    }),
  );
}

/** A copy in which the symbol also depends on `clause`, as if written last in each definition. */
export function withClause(model: KconfigModel, symbol: string, clause: Expr): KconfigModel {
  return rewriteDependencies(model, symbol, (clauses, node) => [
    ...clauses,
    { expr: clause, line: clauses.at(-1)?.line ?? node.line },
  ]);
}

/** True where one of the symbol's own dependencies has a conjunct that reads like `clause`. */
export function hasClause(model: KconfigModel, symbol: string, clause: Expr): boolean {
  const id = model.names.find(symbol);
  const text = formatExpr(clause, model.names);
  return (id === undefined ? [] : (model.definitions.get(id) ?? [])).some((index) =>
    at(model.nodes, index).depends.some((each) => has(model, each.expr, text)),
  );
}

function has(model: KconfigModel, expr: Expr, text: string): boolean {
  if (formatExpr(expr, model.names) === text) return true;
  return expr.kind === 'and' && (has(model, expr.a, text) || has(model, expr.b, text));
}

function strip(model: KconfigModel, expr: Expr, text: string): Expr | undefined {
  if (formatExpr(expr, model.names) === text) return undefined;
  if (expr.kind !== 'and') return expr;
  const a = strip(model, expr.a, text);
  const b = strip(model, expr.b, text);
  return b === undefined ? a : join('and', a, b);
}
