// Names of places that hold a value: `p`, `priv->clk`, `*out`, `a[0].x`.

import type { Expr } from '../flow/flow.ts';

/** The name of the place, or undefined where an expression is none that keeps its value. */
export function placeKey(expr: Expr): string | undefined {
  switch (expr.kind) {
    case 'name':
      return expr.name;
    case 'field': {
      const { base, field } = expr;
      // `(&x)->y` is `x.y`.
      if (expr.arrow && base.kind === 'address') return joined(placeKey(base.of), `.${field}`);
      return joined(placeKey(base), expr.arrow ? `->${field}` : `.${field}`);
    }
    case 'index':
      return joined(placeKey(expr.base), indexKey(expr.index));
    case 'deref': {
      if (expr.of.kind === 'address') return placeKey(expr.of.of);
      const inner = placeKey(expr.of);
      return inner === undefined ? undefined : `*${inner}`;
    }
    default:
      return undefined;
  }
}

/** `flags&FIND` of the test of a bit, which holds as long as the variable does. */
export function bitKey({ op, left, right }: Expr & { kind: 'binary' }): string | undefined {
  if (op !== '&' || left.kind !== 'name' || right.kind !== 'name') return undefined;
  return /^[A-Z][A-Z0-9_]*$/.test(right.name) ? `${left.name}&${right.name}` : undefined;
}

/** The variable that a place is reached from. */
export function rootOf(key: string): string {
  return /\w+/.exec(key)?.[0] ?? '';
}

function joined(base: string | undefined, rest: string | undefined): string | undefined {
  return base === undefined || rest === undefined ? undefined : base + rest;
}

function indexKey(index: Expr): string | undefined {
  if (index.kind === 'number') return index.value === undefined ? undefined : `[${index.value}]`;
  const key = placeKey(index);
  return key === undefined ? undefined : `[${key}]`;
}

/** Whether the place `key` is reached through `root`, or through an index that is `root`. */
export function dependsOn(key: string, root: string): boolean {
  if (root === '') return false;
  for (let at = key.indexOf(root); at >= 0; at = key.indexOf(root, at + 1)) {
    const end = at + root.length;
    if (!isWord(key.charCodeAt(at - 1)) && !isWord(key.charCodeAt(end)) && key !== root) {
      return key[at - 1] !== '>' && key[at - 1] !== '.';
    }
  }
  return false;
}

function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    code === 95 ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57)
  );
}
