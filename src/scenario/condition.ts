// A program's question as an expression over the state, and what it looks at.

import { InvariantError, never, present } from '../base/index.ts';
import { and, constant, type Expr, eq, fieldAt, not, or } from '../ir/index.ts';
import type { Condition, Location, Question } from '../litmus/index.ts';
import { encode, memoryField, type Names } from './names.ts';

/** The condition over the fields of a state. */
export function conditionExpr(condition: Condition, names: Names): Expr {
  switch (condition.op) {
    case 'true':
      return constant(1);
    case 'and':
      return and(...condition.of.map((c) => conditionExpr(c, names)));
    case 'or':
      return or(...condition.of.map((c) => conditionExpr(c, names)));
    case 'not':
      return not(conditionExpr(condition.of, names));
    case 'register':
    case 'memory':
      return eq(
        fieldAt(fieldOf(condition, names)),
        constant(encode(condition.value, names.valueBits)),
      );
    case 'crashed':
    case 'deadlock':
      return eq(fieldAt(fieldOf(condition, names)), constant(condition.value));
    case 'kernel':
      return noKernel();
    default:
      return never(condition);
  }
}

/** The end states that the question counts: those that pass its filter. */
export function filterExpr(question: Question, names: Names): Expr {
  return question.filter ? conditionExpr(question.filter, names) : constant(1);
}

/** What holds in an end state that is a witness: for `forall`, that the condition fails. */
export function questionExpr(question: Question, names: Names): Expr {
  const condition = conditionExpr(question.condition, names);
  return question.quantifier === 'forall' ? not(condition) : condition;
}

/** What the condition reads, then the other locations, in their order, each once. */
export function observedLocations(question: Question): readonly Location[] {
  const all = [...atoms(question.condition), ...(question.locations ?? [])].map(placeOnly);
  const seen = new Map(all.map((location) => [locationText(location), location] as const));
  return [...seen.values()];
}

/** Fields of the observed locations, in the same order. */
export function observedFields(question: Question, names: Names): readonly number[] {
  return observedLocations(question).map((location) => fieldOf(location, names));
}

/** Whether the question looks at memory, so that end states must have no dirty copy left. */
export function observesMemory(question: Question): boolean {
  return everyLocation(question).some((location) => location.op === 'memory');
}

/** Everything that condition, filter and locations read. */
export function everyLocation(question: Question): readonly Location[] {
  const filter = question.filter ? atoms(question.filter) : [];
  return [...atoms(question.condition), ...filter, ...(question.locations ?? [])];
}

/** The condition as it is typed in a litmus test. */
export function conditionText(condition: Condition): string {
  switch (condition.op) {
    case 'true':
      return 'true';
    case 'and':
      return condition.of.map(conditionText).join(' /\\ ');
    case 'or':
      return `(${condition.of.map(conditionText).join(' \\/ ')})`;
    case 'not':
      return `~(${conditionText(condition.of)})`;
    case 'register':
    case 'memory':
    case 'crashed':
    case 'deadlock':
    case 'kernel':
      return `${locationText(condition)}=${condition.value}`;
    default:
      return never(condition);
  }
}

/** What a witness shows: the condition, or for `forall` that it fails. */
export function questionText({ quantifier, condition }: Question): string {
  const text = conditionText(condition);
  return quantifier === 'forall' ? `~(${text})` : text;
}

/** `P0:r1`, `x[0]`, `crashed`. */
export function locationText(location: Location): string {
  switch (location.op) {
    case 'register':
      return `${location.thread}:${location.register}`;
    case 'memory':
      return `${location.line}[${location.cell}]`;
    case 'crashed':
    case 'deadlock':
      return location.op;
    case 'kernel':
      return location.state;
    default:
      return never(location);
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
    case 'true':
      return [];
    case 'register':
    case 'memory':
    case 'crashed':
    case 'deadlock':
    case 'kernel':
      return [condition];
    default:
      return never(condition);
  }
}

function placeOnly(location: Location): Location {
  switch (location.op) {
    case 'register':
      return { op: 'register', thread: location.thread, register: location.register };
    case 'memory':
      return { op: 'memory', line: location.line, cell: location.cell };
    case 'crashed':
    case 'deadlock':
      return { op: location.op };
    case 'kernel':
      return { op: 'kernel', state: location.state };
    default:
      return never(location);
  }
}

// What a running kernel is asked, stack.ts answers.
function noKernel(): never {
  throw new InvariantError('a question to a running kernel is none to the small model');
}

function fieldOf(location: Location, names: Names): number {
  switch (location.op) {
    case 'memory':
      return memoryField(names, location.line, location.cell);
    case 'crashed':
      return present(names.crashed, 'field for a crash');
    case 'deadlock':
      return present(names.deadlock, 'field for a deadlock');
    case 'register': {
      const name = `${location.thread}:${location.register}`;
      return present(names.registers.get(name), `register ${name} is loaded by the program`);
    }
    case 'kernel':
      return noKernel();
    default:
      return never(location);
  }
}
