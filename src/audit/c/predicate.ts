// cpu_dcache_is_aliasing() of one port: the generic header first, then the architecture's.
// @source include/linux/cacheinfo.h, arch/*/include/asm/cachetype.h v6.12

import type { Source } from '../../base/index.ts';
import type { Predicate, PredicateExpr } from '../../kernel/index.ts';
import type { SourceTree } from '../tree.ts';
import { type CExpr, parseExpression } from './expression.ts';
import type { NotChecked, PredicateFacts } from './facts.ts';
import { namesBehind } from './names.ts';
import {
  type CLine,
  configCall,
  type ConfigLookup,
  definesOf,
  preprocess,
  type Ternary,
} from './preprocessor.ts';

/** One spelling of the predicate in the history of the series that brought it. */
export interface PredicateVariant {
  readonly name: string;
  readonly symbol: string;
}

/**
 * Newest first. The release has the first; versions 2 and 1 of the series had the others.
 * @source mail "[RFC PATCH] Introduce cache_is_aliasing()" 29 Jan 2024 and its second version
 */
export const PREDICATE_VARIANTS: readonly PredicateVariant[] = [
  { name: 'cpu_dcache_is_aliasing', symbol: 'ARCH_HAS_CPU_CACHE_ALIASING' },
  { name: 'dcache_is_aliasing', symbol: 'ARCH_HAS_CACHE_ALIASING' },
  { name: 'cache_is_aliasing', symbol: 'ARCH_HAS_CACHE_ALIASING' },
];

/** The port a predicate is read for. */
export interface PredicatePort {
  /** Folder below arch/. */
  readonly arch: string;
  readonly lookup: ConfigLookup;
  /** Where Kconfig selects the symbol, handed through into the record. */
  readonly selectedAt?: readonly Source[];
}

const GENERIC = 'include/linux/cacheinfo.h';

/** Reads the predicate; whatever is not understood becomes `not-checked` with its place. */
export function readPredicate(tree: SourceTree, port: PredicatePort): PredicateFacts {
  const text = tree.read(GENERIC);
  const variant = text.ok ? variantIn(text.value) : undefined;
  if (!text.ok && tree.list('include/linux')?.includes('cacheinfo.h')) {
    const sources = [{ kind: 'tree', file: GENERIC, line: 1 } as const];
    const why = `${GENERIC} cannot be read: ${text.problem.what}`;
    return withoutNames(port, undefined, { kind: 'not-checked', why, sources });
  }
  if (!text.ok || variant === undefined) return withoutNames(port, undefined, { kind: 'absent' });
  const lines = preprocess(text.value, port.lookup);
  const found = definitionIn(lines, GENERIC, variant.name, port.lookup);
  if (found.kind === 'not-checked') return withoutNames(port, variant, found);
  if (found.kind === 'value') {
    const isFalse = found.expr.op === 'number' && found.expr.value === 0;
    if (isFalse) return withoutNames(port, variant, genericFalse(found.line));
    return defined(tree, port, variant, found, GENERIC);
  }
  return fromArch(tree, port, variant, lines);
}

function fromArch(
  tree: SourceTree,
  port: PredicatePort,
  variant: PredicateVariant,
  lines: readonly CLine[],
): PredicateFacts {
  const include = lines.find((l) => /^\s*#\s*include\s+<asm\/cachetype\.h>/.test(l.text));
  const at = { kind: 'tree', file: GENERIC, line: include?.line ?? 1 } as const;
  if (include === undefined || include.active !== 'yes') {
    const why =
      include?.active === 'unknown'
        ? `the value of ${variant.symbol} is not known`
        : `${GENERIC} neither defines ${variant.name}() nor includes asm/cachetype.h`;
    return withoutNames(port, variant, { kind: 'not-checked', why, sources: [at] });
  }
  const file = `arch/${port.arch}/include/asm/cachetype.h`;
  const header = tree.read(file);
  if (!header.ok) {
    const why = `${variant.symbol} is set but ${file} cannot be read: ${header.problem.what}`;
    return withoutNames(port, variant, { kind: 'not-checked', why, sources: [at] });
  }
  const found = definitionIn(
    preprocess(header.value, port.lookup),
    file,
    variant.name,
    port.lookup,
  );
  if (found.kind === 'not-checked') return withoutNames(port, variant, found);
  if (found.kind === 'value') return defined(tree, port, variant, found, file);
  const why = `${file} does not define ${variant.name}() although ${variant.symbol} is set`;
  const sources = [{ kind: 'tree', file, line: 1 } as const];
  return withoutNames(port, variant, { kind: 'not-checked', why, sources });
}

function defined(
  tree: SourceTree,
  port: PredicatePort,
  variant: PredicateVariant,
  found: { readonly expr: PredicateExpr; readonly line: number },
  file: string,
): PredicateFacts {
  const predicate: Predicate = {
    kind: 'defined',
    expr: found.expr,
    selectedAt: port.selectedAt ?? [],
    definedAt: [{ kind: 'tree', file, line: found.line }],
  };
  const names = namesBehind(tree, port.arch, found.expr, port.lookup);
  const notChecked = names.flatMap((n): readonly NotChecked[] =>
    n.definitions.length > 0
      ? []
      : [
          {
            subject: `${n.name} in the predicate of ${port.arch}`,
            why: `no definition found below arch/${port.arch}`,
            file,
            line: found.line,
          },
        ],
  );
  return { predicate, ...commonFields(port, variant), names, notChecked };
}

function withoutNames(
  port: PredicatePort,
  variant: PredicateVariant | undefined,
  predicate: Predicate,
): PredicateFacts {
  const notChecked =
    predicate.kind !== 'not-checked'
      ? []
      : predicate.sources.flatMap((s) =>
          s.kind === 'tree'
            ? [
                {
                  subject: `alias predicate of ${port.arch}`,
                  why: predicate.why,
                  file: s.file,
                  line: s.line,
                },
              ]
            : [],
        );
  return { predicate, ...commonFields(port, variant), names: [], notChecked };
}

function commonFields(
  { arch, selectedAt = [] }: PredicatePort,
  variant: PredicateVariant | undefined,
): Pick<PredicateFacts, 'arch' | 'name' | 'symbol' | 'selectedAt'> {
  return { arch, name: variant?.name, symbol: variant?.symbol, selectedAt };
}

function genericFalse(line: number): Predicate {
  return { kind: 'generic-false', sources: [{ kind: 'tree', file: GENERIC, line }] };
}

/** The spelling a header uses, if any. */
function variantIn(text: string): PredicateVariant | undefined {
  return PREDICATE_VARIANTS.find((v) => new RegExp(`\\b${v.name}\\b`).test(text));
}

type Found =
  | { readonly kind: 'value'; readonly expr: PredicateExpr; readonly line: number }
  | Extract<Predicate, { kind: 'not-checked' }>
  | { readonly kind: 'nothing' };

/** The definition of `name` among the lines that stand: a macro, or an inline function. */
function definitionIn(
  lines: readonly CLine[],
  file: string,
  name: string,
  lookup: ConfigLookup,
): Found {
  const bodies = [
    ...definesOf(lines).flatMap((d) =>
      d.name === name ? [{ body: d.body, line: d.line, active: d.active }] : [],
    ),
    ...inlineBodies(lines, name),
  ].filter((b) => b.active !== 'no');
  const [first, second] = bodies;
  if (first === undefined) return { kind: 'nothing' };
  const not = (why: string): Found => ({
    kind: 'not-checked',
    why,
    sources: [{ kind: 'tree', file, line: first.line }],
  });
  if (bodies.some((b) => b.active === 'unknown')) {
    return not(`${name}() is defined under a condition that is not known`);
  }
  if (second !== undefined) return not(`${name}() is defined again at line ${second.line}`);
  if (first.body === undefined) return not(`${name}() is more than one return statement`);
  const parsed = parseExpression(first.body, `${file}:${first.line}`);
  if (!parsed.ok) return not(parsed.problem.what);
  const expr = toPredicate(parsed.value, lookup);
  if (expr === undefined) return not(`'${first.body}' uses an operator that is not modelled`);
  return { kind: 'value', expr, line: first.line };
}

interface Body {
  readonly body: string | undefined;
  readonly line: number;
  readonly active: Ternary;
}

/** Bodies of functions called `name` that consist of one return; undefined body for any other. */
function inlineBodies(lines: readonly CLine[], name: string): readonly Body[] {
  const code = lines.filter((l) => l.active !== 'no' && !/^\s*#/.test(l.text));
  const start = new RegExp(`^[^=;{}()]*\\b${name}\\s*\\(\\s*(?:void)?\\s*\\)`);
  return code.flatMap((l, index): readonly Body[] => {
    if (!start.test(l.text)) return [];
    const rest = code.slice(index, index + 20);
    const text = rest.map((r) => r.text).join('\n');
    const match = /\)\s*\{\s*return\b([^;{}]*);\s*\}/.exec(text);
    const simple = match !== null && text.indexOf('{') > 0 && text.indexOf('{') > match.index;
    const active = rest.some((r) => r.active === 'unknown') ? 'unknown' : 'yes';
    return [{ body: simple ? match[1] : undefined, line: l.line, active }];
  });
}

function toPredicate(expr: CExpr, lookup: ConfigLookup): PredicateExpr | undefined {
  switch (expr.op) {
    case 'number':
    case 'name':
      return expr;
    case 'call':
      return callPredicate(expr.name, expr.args, lookup);
    case 'unary': {
      const a = expr.sign === '!' ? toPredicate(expr.a, lookup) : undefined;
      return a && { op: 'not', a };
    }
    case 'binary': {
      const op = predicateOp(expr.sign);
      const a = toPredicate(expr.a, lookup);
      const b = toPredicate(expr.b, lookup);
      return op && a && b && { op, a, b };
    }
    case 'choice':
      return undefined;
  }
}

/** A call without arguments stays one; IS_ENABLED() is answered by the configuration. */
function callPredicate(
  name: string,
  args: readonly CExpr[],
  lookup: ConfigLookup,
): PredicateExpr | undefined {
  const [arg] = args;
  if (arg === undefined) return { op: 'call', name };
  const value = arg.op === 'name' ? configCall(name, arg.name, lookup) : undefined;
  return value === undefined ? undefined : { op: 'number', value };
}

function predicateOp(sign: string) {
  const ops = ['||', '&&', '>', '<', '>=', '<=', '==', '!='] as const;
  return ops.find((op) => op === sign);
}
