// Where the names of a predicate get their values: macros, variables and functions of the
// architecture. Best effort by line shapes; a name without a definition is left without one.

import type { PredicateExpr } from '../../kernel/index.ts';
import type { SourceTree } from '../tree.ts';
import type { NameDefinition, PredicateName } from './facts.ts';
import { type CLine, type ConfigLookup, definesOf, preprocess } from './preprocessor.ts';

// Names that every architecture defines, and which no predicate turns on alone.
const GENERIC_NAMES = new Set(['PAGE_SIZE', 'PAGE_SHIFT', 'PAGE_MASK']);

/** The names `expr` uses, except PAGE_SIZE and its kin, with their definitions in arch/`arch`. */
export function namesBehind(
  tree: SourceTree,
  arch: string,
  expr: PredicateExpr,
  lookup: ConfigLookup,
): readonly PredicateName[] {
  return [...namesIn(expr)]
    .sort()
    .filter((name) => !GENERIC_NAMES.has(name))
    .map((name) => ({ name, definitions: definitionsOf(tree, arch, name, lookup) }));
}

function namesIn(expr: PredicateExpr): Set<string> {
  if (expr.op === 'number') return new Set();
  if (expr.op === 'name' || expr.op === 'call') return new Set([expr.name]);
  const names = namesIn(expr.a);
  if (expr.op !== 'not') for (const name of namesIn(expr.b)) names.add(name);
  return names;
}

function definitionsOf(
  tree: SourceTree,
  arch: string,
  name: string,
  lookup: ConfigLookup,
): readonly NameDefinition[] {
  return tree.filesContaining(name, [`arch/${arch}`]).flatMap((file) => {
    const text = file.endsWith('.S') ? undefined : tree.read(file);
    if (text === undefined || !text.ok) return [];
    const lines = preprocess(text.value, lookup);
    const macros = definesOf(lines)
      .filter((d) => d.name === name)
      .map((d): NameDefinition => {
        const source = { kind: 'tree', file, line: d.line } as const;
        return { kind: 'macro', value: d.body, active: d.active, source };
      });
    return [...macros, ...objectsIn(lines, file, name)];
  });
}

/** Variables and functions defined at file level; `extern` alone is no definition. */
function objectsIn(lines: readonly CLine[], file: string, name: string): NameDefinition[] {
  const type = '^(?!extern\\b|return\\b|#)[A-Za-z_][\\w \\t*]*[ \\t*]';
  const variable = new RegExp(`${type}${name}\\s*(?:=|;|,|__\\w+)`);
  const definition = new RegExp(`${type}${name}\\s*\\([^;]*$`);
  return lines.flatMap(({ text, line, active }): NameDefinition[] => {
    const source = { kind: 'tree', file, line } as const;
    if (variable.test(text)) return [{ kind: 'variable', value: '', active, source }];
    return definition.test(text) ? [{ kind: 'function', value: '', active, source }] : [];
  });
}
