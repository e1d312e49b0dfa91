// Conditions, filters and locations -> questions to end states.

import { never } from '../base/index.ts';
import type { ConditionNode, LitmusFile, Place } from './ast.ts';
import { constantValue } from './constants.ts';
import { suggestion } from './nearest.ts';
import { type Condition, KERNEL_STATES, type Location, type Question } from './program.ts';
import type { Reporter } from './reporter.ts';
import type { Scope } from './scope.ts';
import type { LineInfo, World } from './world-types.ts';

/** What conditions are read with. */
interface Reading {
  readonly world: World;
  readonly scopes: ReadonlyMap<string, Scope>;
  readonly reporter: Reporter;
}

/** The question of the test, whose threads have been read before. */
export function lowerQuestion(
  file: LitmusFile,
  world: World,
  scopes: readonly Scope[],
  reporter: Reporter,
): Question {
  const byThread = new Map(scopes.map((scope) => [scope.thread, scope] as const));
  const reading = { world, scopes: byThread, reporter };
  const { quantifier } = file.question;
  const condition = lowerCondition(reading, file.question.condition);
  const filter = file.filter && lowerCondition(reading, file.filter.condition);
  const locations = file.locations?.of.flatMap((place) => lowerPlace(reading, place) ?? []);
  return {
    quantifier,
    condition,
    ...(filter ? { filter } : {}),
    ...(locations && locations.length > 0 ? { locations } : {}),
  };
}

function lowerCondition(reading: Reading, node: ConditionNode): Condition {
  switch (node.kind) {
    case 'equals': {
      const location = lowerPlace(reading, node.place);
      const value = constantValue(node.value, reading.reporter);
      return location ? { ...location, value } : { op: 'true' };
    }
    case 'and':
    case 'or':
      return { op: node.kind, of: node.of.map((one) => lowerCondition(reading, one)) };
    case 'not':
      return { op: 'not', of: lowerCondition(reading, node.of) };
    case 'implies': {
      const a = lowerCondition(reading, node.a);
      return { op: 'or', of: [{ op: 'not', of: a }, lowerCondition(reading, node.b)] };
    }
    case 'true':
      return { op: 'true' };
    case 'false':
      return { op: 'not', of: { op: 'true' } };
    default:
      return never(node);
  }
}

function lowerPlace(reading: Reading, place: Place): Location | undefined {
  return place.kind === 'register' ? registerOf(reading, place) : cellOf(reading, place);
}

function registerOf(
  { scopes, reporter }: Reading,
  { thread, register }: Extract<Place, { readonly kind: 'register' }>,
): Location | undefined {
  const scope = scopes.get(thread.text);
  if (!scope) {
    const known = [...scopes.keys()].join(', ');
    reporter.add(thread, `there is no thread ${thread.text}`, `threads: ${known}`);
    return undefined;
  }
  const name = register.text;
  if (!scope.registers.has(name)) {
    const hint = suggestion(name, scope.registers.keys(), `registers of ${thread.text}`);
    reporter.add(register, `${thread.text} has no register '${name}'`, hint);
    return undefined;
  }
  if (!scope.registersSet.has(name)) {
    const hint = 'assign to it, or give it a value where it is declared';
    reporter.add(register, `${thread.text} never sets the register '${name}'`, hint);
    return undefined;
  }
  return { op: 'register', thread: thread.text, register: name };
}

function cellOf(
  reading: Reading,
  place: Extract<Place, { readonly kind: 'cell' }>,
): Location | undefined {
  const { reporter } = reading;
  const { name, member, index } = place;
  if (!member && !index && (name.text === 'crashed' || name.text === 'deadlock')) {
    return { op: name.text };
  }
  const state = KERNEL_STATES.find((one) => one === name.text);
  if (state && !member && !index && !reading.world.names.has(state)) {
    if (reading.world.isStack) return { op: 'kernel', state };
    const hint = 'a file on a mount makes it run: file f = x on m;';
    reporter.add(name, `'${state}' is asked of a kernel that runs`, hint);
    return undefined;
  }
  const line = lineOf(reading, place);
  if (!line) return undefined;
  const cell = index ? constantValue(index, reporter) : 0;
  const count = line.cells.length;
  if (cell < 0 || cell >= count) {
    const hint = count === 1 ? 'it has one cell, 0' : `it has cells 0 to ${count - 1}`;
    reporter.add(index ?? name, `${line.name} has no cell ${cell}`, hint);
    return undefined;
  }
  // As *k is k[0], so x is x[0].
  if (!index && line.isArray && line.member !== undefined) {
    const hint = `name the cell: ${line.name}[0] to ${line.name}[${count - 1}]`;
    reporter.add(member ?? name, `${line.name} has ${count} cells`, hint);
    return undefined;
  }
  return { op: 'memory', line: line.name, cell };
}

function lineOf(
  { world, reporter, scopes }: Reading,
  { name, member }: Extract<Place, { readonly kind: 'cell' }>,
): LineInfo | undefined {
  const variable = world.variables.get(name.text);
  if (variable && !member) return { name: variable.name, cells: [variable.value], isArray: false };
  const page = world.pages.get(name.text);
  if (!page) {
    reporter.add(name, `there is no page or variable '${name.text}'`, hintFor(name.text));
    return undefined;
  }
  const [first, ...more] = page.lines;
  if (!member) {
    if (first && more.length === 0 && first.member === undefined) return first;
    const names = page.lines.map((line) => line.name).join(', ');
    reporter.add(name, `the page ${page.name} has named lines`, `name one: ${names}`);
    return undefined;
  }
  const line = page.lines.find((one) => one.member === member.text);
  if (line) return line;
  const names = page.lines.flatMap((one) => one.member ?? []);
  const hint = suggestion(member.text, names, 'lines');
  reporter.add(member, `${page.name} has no line '${member.text}'`, hint);
  return undefined;

  function hintFor(text: string): string {
    const address = world.addresses.get(text);
    if (address) return `'${text}' is an address; the page is ${address.page.name}`;
    const owner = [...scopes.values()].find((scope) => scope.registers.has(text));
    if (owner) return `a register is named with its thread: ${owner.thread.slice(1)}:${text}`;
    return suggestion(text, [...world.pages.keys(), ...world.variables.keys()], 'pages');
  }
}
