// Calls of primitives -> steps: arguments are resolved as the table says, then the row is lowered.

import { never } from '../base/index.ts';
import type { KernelCall } from '../kernel/index.ts';
import type { ExprNode } from './ast.ts';
import { exprText } from './print-expr.ts';
import { suggestion } from './nearest.ts';
import {
  baseName,
  type CellTarget,
  cellOfLvalue,
  cellOfPointer,
  lineOf,
  lvalueIn,
  pageOf,
} from './places.ts';
import type { Argument, ParamInfo, ParamKind, Primitive } from './primitives/primitive.ts';
import { stackPrimitiveByName, stackPrimitives } from './primitives/stack.ts';
import { primitiveByName, primitives, signature } from './primitives/table.ts';
import type { Step, Value } from './program.ts';
import { lookUp, type Scope } from './scope.ts';
import type { AddressInfo, FileInfo } from './world-types.ts';

/** What lowering one thread carries along. */
export interface Lowering {
  readonly scope: Scope;
  /** Questions to machine and kernel by the name of the step that asks. */
  readonly calls: Map<string, KernelCall>;
  /** Registers of our own in use by the statement at hand. */
  readonly temps: { used: number };
  readonly lowerValue: (lowering: Lowering, expr: ExprNode, out: Step[]) => Value | undefined;
}

/** An expression that calls something. */
export type CallNode = Extract<ExprNode, { readonly kind: 'call' }>;

/** Names of our own registers; no register of a program begins with an underscore. */
export function freshRegister({ scope, temps }: Lowering): string {
  const name = `_${temps.used++}`;
  scope.registersSet.add(name);
  return name;
}

/** Appends the steps of the call; false where a problem was noted. */
export function lowerCall(
  lowering: Lowering,
  node: CallNode,
  out: Step[],
  register?: string,
): boolean {
  const { scope, calls } = lowering;
  const { reporter } = scope;
  const primitive = findPrimitive(scope, node);
  if (!primitive || !checkCount(scope, primitive, node)) return false;
  if (register !== undefined && !primitive.gives) {
    reporter.add(node.name, `${node.name.text}() gives no value`, 'call it as a statement');
    return false;
  }
  const args: Argument[] = [];
  for (const [i, expr] of node.args.entries()) {
    const param = primitive.params[i];
    const arg = param && resolve(lowering, param, expr, out);
    if (arg) args.push(arg);
  }
  if (args.length < node.args.length) return false;
  let refused = false;
  const steps = primitive.lower({
    thread: scope.thread,
    text: exprText({ ...node, args: node.args.slice(0, 1) }),
    name: node.name.text,
    args,
    ...(register === undefined ? {} : { register }),
    world: scope.world,
    fresh: () => freshRegister(lowering),
    ask: (name, call) => calls.set(name, call),
    refuse: (what, hint) => {
      refused = true;
      reporter.add(node, what, hint);
    },
  });
  out.push(...steps);
  return !refused;
}

function findPrimitive(scope: Scope, { name }: CallNode): Primitive | undefined {
  const { isStack } = scope.world;
  const small = primitiveByName(name.text);
  const primitive = isStack
    ? (stackPrimitiveByName(name.text) ?? (small && RUNS_ANYWHERE.has(small.group) && small))
    : small;
  if (primitive) return primitive;
  if (small ?? stackPrimitiveByName(name.text)) {
    const what = isStack
      ? `${name.text}() is a step of the small model, and here a kernel runs`
      : `${name.text}() needs a kernel that runs`;
    const hint = isStack
      ? name.text === 'crash'
        ? "write 'crash anywhere;' in the init block"
        : 'the kernel does such steps itself'
      : 'put a file on a mount: mount m = ext4(pmem0, dax=always); file f = x on m;';
    scope.reporter.add(name, what, hint);
    return undefined;
  }
  const known = isStack ? [...stackPrimitives, ...primitives.filter(runsAnywhere)] : primitives;
  const names = known.map((one) => one.name);
  const near = suggestion(name.text, names, 'primitives');
  const hint = near.startsWith('primitives') ? 'dachs list primitives names all' : near;
  scope.reporter.add(name, `there is no primitive ${name.text}()`, hint);
  return undefined;
}

const RUNS_ANYWHERE: ReadonlySet<string> = new Set(['accesses', 'barriers', 'locks', 'bits']);

function runsAnywhere({ group }: Primitive): boolean {
  return RUNS_ANYWHERE.has(group);
}

function checkCount(scope: Scope, primitive: Primitive, node: CallNode): boolean {
  const most = primitive.params.length;
  const least = primitive.params.filter((param) => !param.optional).length;
  const given = node.args.length;
  if (given >= least && given <= most) return true;
  const wanted = most === 0 ? 'no arguments' : most === 1 ? 'one argument' : `${most} arguments`;
  const what = `${primitive.name}() takes ${wanted}, not ${given}`;
  scope.reporter.add(node.args[most] ?? node.name, what, `write ${signature(primitive)}`);
  return false;
}

function resolve(
  lowering: Lowering,
  param: ParamInfo,
  expr: ExprNode,
  out: Step[],
): Argument | undefined {
  const { scope } = lowering;
  switch (param.kind) {
    case 'place': {
      const target = cellOfLvalue(scope, expr);
      return target && checked(scope, param, expr, { kind: 'place', target });
    }
    case 'cell': {
      const target = cellOfPointer(scope, expr);
      return target && checked(scope, param, expr, { kind: 'cell', target });
    }
    case 'variable': {
      const target = cellOfPointer(scope, expr);
      return target && checkVariable(scope, expr, target);
    }
    case 'line': {
      const target = lineOf(scope, expr);
      return target && onPage(scope, param, expr, { kind: 'line', target });
    }
    case 'page': {
      const target = pageOf(scope, expr);
      return target && onPage(scope, param, expr, { kind: 'page', target });
    }
    case 'value': {
      const value = lowering.lowerValue(lowering, expr, out);
      return value === undefined ? undefined : { kind: 'value', value, text: exprText(expr) };
    }
    case 'file or page': {
      const name = baseName(expr);
      const isFile = name !== undefined && scope.world.files.has(name.text);
      if (isFile) return resolveFile(scope, expr);
      return resolve(lowering, { ...param, kind: 'page', side: 'kernel' }, expr, out);
    }
    case 'file':
      return resolveFile(scope, expr);
    case 'spinlock':
    case 'mutex':
    case 'device':
    case 'mount':
      return resolveName(scope, param.kind, expr);
    default:
      return never(param.kind);
  }
}

type Targeted = Extract<Argument, { readonly target: unknown }>;

// A variable has one address that bypasses the cache: there is nothing to maintain.
function onPage(
  scope: Scope,
  param: ParamInfo,
  expr: ExprNode,
  arg: Targeted,
): Argument | undefined {
  if (arg.target.address) return checked(scope, param, expr, arg);
  const what = `'${arg.target.text}' is a variable, on no page under test`;
  scope.reporter.add(expr, what, 'it is always coherent; name an address of a page');
  return undefined;
}

function checked(
  scope: Scope,
  param: ParamInfo,
  expr: ExprNode,
  arg: Targeted,
): Argument | undefined {
  const { address, text } = arg.target;
  if (param.side === undefined || (address && isOnSide(address, param.side))) return arg;
  const right = [...scope.world.addresses.values()].filter(
    (one) => isOnSide(one, param.side) && (!address || one.page === address.page),
  );
  const sides = { kernel: 'an address of the kernel', user: 'a user address', window: 'a window' };
  const hint =
    right.length > 0
      ? `use ${right.map((one) => one.name).join(' or ')}`
      : `declare one: int *${param.name} = ${EXAMPLES[param.side]};`;
  scope.reporter.add(expr, `'${text}' is not ${sides[param.side]}`, hint);
  return undefined;
}

const EXAMPLES = { kernel: 'linear(x)', user: 'user(x)', window: 'window(x)' } as const;

function isOnSide({ maker }: AddressInfo, side: ParamInfo['side']): boolean {
  return side === 'kernel' ? maker !== 'user' : maker === side;
}

function checkVariable(scope: Scope, expr: ExprNode, target: CellTarget): Argument | undefined {
  if (!target.address) return { kind: 'variable', target };
  const hint = 'declare a variable of its own in the init block: int flag = 0;';
  scope.reporter.add(expr, `'${target.text}' is an address of a page, not a variable`, hint);
  return undefined;
}

/** The kernel reaches a file's page at its linear address, which no thread needs to be passed. */
function resolveFile(scope: Scope, expr: ExprNode): Argument | undefined {
  const name = baseName(expr);
  const found = name && lookUp(scope, name);
  if (name && !found) return undefined;
  if (found?.kind !== 'file') {
    const hint = suggestion(name?.text ?? '', scope.world.files.keys(), 'files');
    scope.reporter.add(expr, `'${exprText(expr)}' is no file`, hint);
    return undefined;
  }
  const { page } = found.of;
  if (scope.world.isStack) return resolveStackFile(scope, expr, found.of);
  const addresses = [...scope.world.addresses.values()].filter((a) => a.page === page);
  const kernel =
    addresses.find((a) => a.maker === 'linear') ?? addresses.find((a) => a.maker === 'window');
  if (!kernel) {
    const hint = `declare it in the init block: int *k = linear(${page.name});`;
    scope.reporter.add(expr, `the kernel reaches ${page.name} at no address`, hint);
    return undefined;
  }
  const base = { name: kernel.name, page, mapping: kernel.name };
  const target = lvalueIn(scope, expr, base);
  return target && { kind: 'file', file: found.of, target: { ...target, address: kernel } };
}

// The kernel finds its own way to a file on a mount; a thread names a cell of its first page.
function resolveStackFile(scope: Scope, expr: ExprNode, file: FileInfo): Argument | undefined {
  const { name, page, pages } = file;
  if (expr.kind === 'name') {
    const [line] = page.lines;
    const first = line && { mapping: name, page, line, text: name, cell: 0 };
    const access = { mapping: name, line: line?.name ?? '', cell: 0 };
    return first && { kind: 'file', file, target: { ...first, access } };
  }
  // With several pages a member names the page.
  const member = expr.kind === 'member' ? expr : undefined;
  const named = member && pages.find((one) => one.name === member.member.text);
  const target = named
    ? lvalueIn(scope, member.of, { name, page: named, mapping: name })
    : lvalueIn(scope, expr, { name, page, mapping: name });
  return target && { kind: 'file', file, target };
}

function resolveName(
  scope: Scope,
  kind: Extract<ParamKind, 'spinlock' | 'mutex' | 'device' | 'mount'>,
  expr: ExprNode,
): Argument | undefined {
  // The kernel's lock functions take the address of a lock.
  const name = expr.kind === 'unary' && expr.op === '&' ? expr.of : expr;
  if (name.kind !== 'name') {
    const what = `the name of a ${kind} is wanted here`;
    scope.reporter.add(expr, what, 'it is declared in the init block');
    return undefined;
  }
  const found = lookUp(scope, name);
  if (!found) return undefined;
  if (found.kind === 'lock' && found.of.kind === kind) return { kind: 'lock', lock: found.of };
  if (found.kind === 'device' && kind === 'device') return { kind, device: found.of };
  if (found.kind === 'mount' && kind === 'mount') return { kind, mount: found.of };
  if (found.kind === 'lock' && (kind === 'spinlock' || kind === 'mutex')) {
    const prefix = found.of.kind === 'mutex' ? 'mutex_' : 'spin_';
    const hint = `use ${prefix}lock() and ${prefix}unlock()`;
    scope.reporter.add(name, `'${name.text}' is a ${found.of.kind}`, hint);
    return undefined;
  }
  scope.reporter.add(name, `'${name.text}' is no ${kind}`, `declare one in the init block`);
  return undefined;
}
