// A program's question as an expression over the state, and what it looks at.

import { never, present } from '../base/index.ts';
import { and, constant, type Expr, eq, fieldAt, not, or } from '../ir/index.ts';
import type { Condition } from '../litmus/index.ts';
import { memoryField, type Names } from './names.ts';

/** The condition over the fields of a state. */
export function conditionExpr(condition: Condition, names: Names): Expr {
  switch (condition.op) {
    case 'and':
      return and(...condition.of.map((c) => conditionExpr(c, names)));
    case 'or':
      return or(...condition.of.map((c) => conditionExpr(c, names)));
    case 'not':
      return not(conditionExpr(condition.of, names));
    case 'register':
    case 'memory':
      return eq(fieldAt(fieldOf(condition, names)), constant(condition.value));
    default:
      return never(condition);
  }
}

/** Fields that the condition reads, in its order, each once. */
export function observedFields(condition: Condition, names: Names): readonly number[] {
  return [...new Set(atoms(condition).map((atom) => fieldOf(atom, names)))];
}

/** Whether the condition looks at memory, so that end states must have no dirty copy left. */
export function observesMemory(condition: Condition): boolean {
  return atoms(condition).some((atom) => atom.op === 'memory');
}

/** The condition as it is typed in a litmus test. */
export function conditionText(condition: Condition): string {
  switch (condition.op) {
    case 'and':
      return condition.of.map(conditionText).join(' /\\ ');
    case 'or':
      return `(${condition.of.map(conditionText).join(' \\/ ')})`;
    case 'not':
      return `~(${conditionText(condition.of)})`;
    case 'register':
      return `${condition.thread}:${condition.register}=${condition.value}`;
    case 'memory':
      return `${condition.line}[${condition.cell}]=${condition.value}`;
    default:
      return never(condition);
  }
}

type Atom = Extract<Condition, { value: number }>;

function atoms(condition: Condition): readonly Atom[] {
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.of.flatMap(atoms);
    case 'not':
      return atoms(condition.of);
    case 'register':
    case 'memory':
      return [condition];
    default:
      return never(condition);
  }
}

function fieldOf(atom: Atom, names: Names): number {
  if (atom.op === 'memory') return memoryField(names, atom.line, atom.cell);
  const name = `${atom.thread}:${atom.register}`;
  return present(names.registers.get(name), `register ${name} is loaded by the program`);
}
