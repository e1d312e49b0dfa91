// Collects what a walk of one function finds: uses of results, and what the function returns.

import type { CallExpr, Expr, Flow, Param } from '../flow/flow.ts';
import { ANY, type CallUse, ERROR, NULL_, type Returned, VALID } from './facts.ts';
import type { UseKind } from './facts.ts';
import {
  COMPARED,
  ERROR_TESTED,
  firstOwnCell,
  type Names,
  NULL_TESTED,
  type State,
  TRUSTED,
} from './state.ts';

/** Ways to return with different demands on the parameters: more are one without demands. */
const mostWays = 12;

/** What is found, without repetitions; the same whatever the order of paths. */
export class Record {
  readonly names: Names;
  readonly params: readonly Param[];
  readonly returnsPointer: boolean;
  readonly uses = new Map<string, CallUse>();
  readonly returned = new Map<string, Returned>();
  /** Kinds of the arguments of each call, by its value. */
  readonly args = new Map<number, string>();
  readonly constants = new Map<number, readonly string[]>();

  constructor(names: Names, flow: Flow) {
    this.names = names;
    this.params = flow.params;
    this.returnsPointer = flow.returnsPointer;
  }

  called(call: CallExpr, cells: readonly number[], state: State): void {
    if (call.callee === undefined) return;
    const cell = this.names.cell('call', call.at);
    const kinds = cells.map((one) => String(state.kinds(one))).join('');
    const before = this.args.get(cell);
    this.args.set(cell, before === undefined ? kinds : widened(before, kinds));
    const constants = call.args.map((arg) => constantName(arg));
    if (constants.some((name) => name !== '')) this.constants.set(cell, constants);
  }

  /** The value is read through: on this path it is a pointer to something from now on. */
  dereferenced(cell: number, at: number, state: State): void {
    const kinds = state.kinds(cell);
    const flags = state.flags(cell);
    const callee = this.names.cells[cell]?.callee;
    if (callee !== undefined && (flags & TRUSTED) === 0) {
      const kind = useKind(kinds, flags);
      if (kind !== undefined) this.use(kind, cell, at, state);
    }
    if (cell >= firstOwnCell && kinds !== VALID && (callee !== undefined || this.returnsPointer)) {
      state.assume(cell, (kinds & VALID) === 0 ? kinds : VALID);
    }
  }

  /** The value is handed to a function that gives nothing back. */
  passed(cell: number, call: CallExpr, state: State): void {
    const flags = state.flags(cell);
    const isNullTested = (flags & NULL_TESTED) !== 0 && (flags & (ERROR_TESTED | TRUSTED)) === 0;
    if (isNullTested && state.kinds(cell) === (VALID | ERROR)) {
      if (this.names.cells[cell]?.callee !== undefined) {
        this.use('null-tested-passed', cell, call.at, state, call.callee);
      }
    }
  }

  use(kind: UseKind, cell: number, useAt: number, state: State, to?: string): void {
    const known = this.names.cells[cell];
    if (known?.callee === undefined) return;
    const key = `${known.at}:${kind}`;
    const before = this.uses.get(key);
    if (before !== undefined && before.useAt <= useAt) return;
    this.uses.set(key, {
      callee: known.callee,
      callAt: known.at,
      useAt,
      kind,
      testAt: kind === 'untested' ? -1 : (state.tested[cell] ?? -1),
      ...this.argsOf(cell),
      ...(to === undefined ? {} : { to }),
    });
  }

  argsOf(cell: number): { readonly args: string; readonly constants?: readonly string[] } {
    const constants = this.constants.get(cell);
    const args = told(this.args.get(cell) ?? '');
    return constants === undefined ? { args } : { args, constants };
  }

  returns(cell: number, at: number, state: State): void {
    if (!this.returnsPointer) return;
    const known = this.names.cells[cell];
    const kinds = state.kinds(cell);
    const when = this.demands(state);
    const bits = this.bitDemands(state);
    const callee = known?.callee;
    if ((state.flags(cell) & COMPARED) !== 0) {
      this.add({ kinds: kinds & ~ERROR, at, when, bits, unknown: true });
    } else if (callee !== undefined) {
      this.add({ kinds, at: known?.at ?? at, callee, ...this.argsOf(cell), when, bits });
    } else if (known === undefined || kinds === ERROR || kinds === VALID || kinds === NULL_) {
      const made = kinds === ERROR ? (this.madeAt(cell) ?? at) : at;
      const errno = known?.errno === undefined ? {} : { errno: known.errno };
      this.add({ kinds, at: made, when, bits, ...errno });
    } else this.add({ kinds, at, when, bits, unknown: true });
  }

  madeAt(cell: number): number | undefined {
    return cell < firstOwnCell ? undefined : this.names.cells[cell]?.at;
  }

  /** What this path demands of the parameters. */
  demands(state: State): string {
    const kinds = this.params.map(({ name }) =>
      name === undefined ? ANY : state.kinds(this.names.initial(this.names.key(name))),
    );
    return told(kinds.join(''));
  }

  bitDemands(state: State): NonNullable<Returned['bits']> {
    const found: (readonly [number, string, number])[] = [];
    for (const [parameter, { name }] of this.params.entries()) {
      for (const [id, key] of this.names.keys.entries()) {
        if (name === undefined || !key.startsWith(`${name}&`)) continue;
        const kinds = state.kinds(this.names.initial(id));
        if (kinds !== ANY) found.push([parameter, key.slice(name.length + 1), kinds]);
      }
    }
    return found.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
  }

  add(
    one: Returned & { readonly when: string; readonly bits: NonNullable<Returned['bits']> },
  ): void {
    const { when: kinds, bits, ...rest } = one;
    const when = kinds === '' && bits.length === 0 ? '' : `${kinds} ${bits.join(' ')}`;
    const shape = `${one.kinds}:${one.at}:${one.callee ?? ''}`;
    const same = [...this.returned.keys()].filter((key) => key.startsWith(`${shape}:`));
    if (same.includes(`${shape}:`)) return;
    if (when === '' || same.length >= mostWays) {
      for (const key of same) this.returned.delete(key);
      this.returned.set(`${shape}:`, rest);
      return;
    }
    this.returned.set(`${shape}:${when}`, {
      ...rest,
      ...(kinds === '' ? {} : { when: kinds }),
      ...(bits.length === 0 ? {} : { bits }),
    });
  }
}

function useKind(kinds: number, flags: number): UseKind | undefined {
  if ((kinds & VALID) === 0) return undefined;
  if ((kinds & ERROR) !== 0) {
    return (flags & NULL_TESTED) !== 0 && (kinds & NULL_) === 0 ? 'null-tested' : 'untested';
  }
  return (kinds & NULL_) !== 0 && (flags & ERROR_TESTED) !== 0 ? 'error-tested' : undefined;
}

/** The name of a constant, `0`, or nothing. */
function constantName(arg: Expr): string {
  if (arg.kind === 'number') return arg.value === 0 ? '0' : '';
  return arg.kind === 'name' && /^[A-Z][A-Z0-9_]*$/.test(arg.name) ? arg.name : '';
}

/** Digits, or nothing where every digit says that nothing is known. */
function told(digits: string): string {
  return /^7*$/.test(digits) ? '' : digits;
}

function widened(a: string, b: string): string {
  let digits = '';
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    digits += String(Number(a[i] ?? ANY) | Number(b[i] ?? ANY));
  }
  return digits;
}
