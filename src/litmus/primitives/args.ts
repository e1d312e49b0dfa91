// Takes arguments out of a call. That each is of the kind the table says is our own promise.

import { assert, present } from '../../base/index.ts';
import type { CellTarget, Target } from '../places.ts';
import type { Access, Step, Value } from '../program.ts';
import type { DeviceInfo, FileInfo, LineInfo, LockInfo, MountInfo } from '../world-types.ts';
import type { Argument, Call } from './primitive.ts';

/** The cell that argument `index` names. */
export function cellArg(call: Call, index: number): CellTarget {
  const arg = argOf(call, index);
  assert('target' in arg && 'access' in arg.target, 'the argument is a cell');
  return arg.target;
}

/** The line that argument `index` names. */
export function lineArg(call: Call, index: number): Target & { readonly line: LineInfo } {
  const arg = argOf(call, index);
  assert(arg.kind === 'line', 'the argument is a line');
  return arg.target;
}

/** The page, through an address of it, that argument `index` names. */
export function pageArg(call: Call, index: number): Target {
  const arg = argOf(call, index);
  assert(arg.kind === 'page', 'the argument is a page');
  return arg.target;
}

/** The value of argument `index`, and how it is written. */
export function valueArg(call: Call, index: number): { value: Value; text: string } {
  const arg = argOf(call, index);
  assert(arg.kind === 'value', 'the argument is a value');
  return arg;
}

/** The lock that argument `index` names. */
export function lockArg(call: Call, index: number): LockInfo {
  const arg = argOf(call, index);
  assert(arg.kind === 'lock', 'the argument is a lock');
  return arg.lock;
}

/** The file that argument `index` names, and the cell of its page. */
export function fileArg(call: Call, index: number): { file: FileInfo; target: CellTarget } {
  const arg = argOf(call, index);
  assert(arg.kind === 'file', 'the argument is a file');
  return arg;
}

/** The device that argument `index` names. */
export function deviceArg(call: Call, index: number): DeviceInfo {
  const arg = argOf(call, index);
  assert(arg.kind === 'device', 'the argument is a device');
  return arg.device;
}

/** The mount that argument `index` names. */
export function mountArg(call: Call, index: number): MountInfo {
  const arg = argOf(call, index);
  assert(arg.kind === 'mount', 'the argument is a mount');
  return arg.mount;
}

/** The argument `index`; that there is one was checked. */
export function argOf(call: Call, index: number): Argument {
  return present(call.args[index], `argument ${index} of ${call.name}`);
}

/** Where a load puts what it finds: the register that was asked for, or one nobody looks at. */
export function into(call: Call): string {
  return call.register ?? call.fresh();
}

/** `P0 loads through k`; a variable is called by its name. `who` is a thread, or `read(f)`. */
export function loadStep(who: string, target: CellTarget, register: string): Step {
  const { access } = target;
  const says = target.address
    ? `${who} loads through ${target.text}`
    : `${who} loads ${target.text}`;
  return { kind: 'load', ...access, register, says };
}

/** `P0 stores 1 through k`; the value as it is written. */
export function storeStep(
  who: string,
  target: CellTarget,
  stored: { readonly value: Value; readonly text: string },
): Step {
  const { access } = target;
  const through = target.address ? 'through' : 'to';
  const says = `${who} stores ${stored.text} ${through} ${target.text}`;
  return { kind: 'store', ...access, value: stored.value, says };
}

/** The same place, one cell of its line. */
export function cellOf(target: Target & { readonly line: LineInfo }, cell: number): CellTarget {
  const access: Access = { mapping: target.mapping, line: target.line.name, cell };
  const base = target.cell === undefined ? target.text : target.text.replace(/\[\d+\]$/, '');
  const text = target.line.cells.length === 1 ? base : `${base}[${cell}]`;
  return { ...target, access, text };
}

/** The cells that a line argument means: the one it names, else all of the line. */
export function cellsOf(target: Target & { readonly line: LineInfo }): readonly number[] {
  return target.cell === undefined ? target.line.cells.map((_, i) => i) : [target.cell];
}
