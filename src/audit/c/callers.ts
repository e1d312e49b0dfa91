// One call of alloc_dax(): what it passes, where the result goes, and how it is tested. Only the
// calling function is followed.

import { placeOf } from './definition.ts';
import type { AllocDaxCaller, ResultTest } from './facts.ts';
import { outcomeAfter } from './outcome.ts';
import {
  argumentsOf,
  bare,
  calleeOf,
  type CNode,
  descendants,
  functionName,
  squeeze,
} from './syntax.ts';

const RELEASES = new Set(['kill_dax', 'put_dax', 'dax_remove_host']);
const HANDING_ON = new Set(['no_free_ptr', 'return_ptr', 'READ_ONCE']);

/**
 * Facts of the call `call` inside the function definition `fun`. `nullOps` looks at the second
 * argument; whoever knows the prototype may correct it.
 */
export function readCaller(file: string, call: CNode, fun: CNode): AllocDaxCaller {
  const args = argumentsOf(call).map((a) => squeeze(a.text));
  const target = receiverOf(call);
  const receiver = target && squeeze(target.text);
  const after = descendants(fun, (n) => n.offset >= call.offset);
  const stores = storesOf(after, target, call);
  const names = new Set([receiver ?? '', ...stores.map((s) => s.field)]);
  const addHostLines = after.filter((n) => calleeOf(n) === 'dax_add_host').map((n) => n.line);
  const tests = after.flatMap((n) => testOf(file, n, names, after));
  return {
    place: placeOf(file, call),
    function: functionName(fun) ?? '',
    args,
    nullOps: args[1] === 'NULL',
    receiver,
    receiverIs: target === undefined ? 'none' : isField(target) ? 'field' : 'variable',
    guards: guardsOf(call, fun),
    tests,
    onEopnotsupp: outcomeAfter(call, receiver, { kind: 'error', name: 'EOPNOTSUPP' }),
    onNull: outcomeAfter(call, receiver, { kind: 'null' }),
    onOtherError: outcomeAfter(call, receiver, { kind: 'error', name: 'ENOMEM' }),
    stores,
    addHostLines,
    storeOrder: orderOf(stores[0]?.line, addHostLines[0]),
    releases: releasesOf(fun),
  };
}

/** The variable or field that the result is assigned to; undefined for any other use. */
function receiverOf(call: CNode): CNode | undefined {
  let node = call;
  while (node.parent !== undefined && bare(node.parent) === call) node = node.parent;
  const parent = node.parent;
  if (parent?.kind === 'assignment_expression' && parent.field('right') === node) {
    const left = parent.field('left');
    return left && bare(left);
  }
  if (parent?.kind !== 'init_declarator') return undefined;
  let name = parent.field('declarator');
  while (name !== undefined && name.kind !== 'identifier') name = name.field('declarator');
  return name;
}

function isField(node: CNode): boolean {
  return node.kind === 'field_expression' || node.kind === 'subscript_expression';
}

function storesOf(
  after: readonly CNode[],
  target: CNode | undefined,
  call: CNode,
): AllocDaxCaller['stores'] {
  if (target === undefined) return [];
  if (isField(target)) return [{ field: squeeze(target.text), line: call.line }];
  return after.flatMap((node) => {
    if (node.kind !== 'assignment_expression') return [];
    const left = node.field('left');
    const right = node.field('right');
    if (left === undefined || right === undefined || !isField(bare(left))) return [];
    if (squeeze(handedOn(right).text) !== squeeze(target.text)) return [];
    return [{ field: squeeze(left.text), line: node.line }];
  });
}

function handedOn(node: CNode): CNode {
  const inner = bare(node);
  return HANDING_ON.has(calleeOf(inner) ?? '') ? (argumentsOf(inner)[0] ?? inner) : inner;
}

/** The test of the result that `node` makes, if it is one. */
function testOf(
  file: string,
  node: CNode,
  names: ReadonlySet<string>,
  all: readonly CNode[],
): ResultTest[] {
  const made = (kind: ResultTest['kind']): ResultTest[] => [
    { kind, file, line: node.line, text: squeeze(node.text) },
  ];
  const isResult = (n: CNode | undefined): boolean => n !== undefined && namesResult(n, names);
  const callee = calleeOf(node);
  if (callee === 'IS_ERR' || callee === 'IS_ERR_OR_NULL') {
    return isResult(argumentsOf(node)[0]) ? made(callee) : [];
  }
  if (node.kind === 'unary_expression' && node.field('operator')?.text === '!') {
    return isResult(node.field('argument')) ? made('NULL') : [];
  }
  if (node.kind === 'if_statement') {
    return isResult(node.field('condition')) ? made('NULL').map(headOnly) : [];
  }
  if (node.kind !== 'binary_expression') return [];
  const [left, right] = [node.field('left'), node.field('right')];
  if (left === undefined || right === undefined) return [];
  if (!/^[!=]=$/.test(node.field('operator')?.text ?? '')) return [];
  if (isResult(left) && squeeze(right.text) === 'NULL') return made('NULL');
  if (isResult(right) && squeeze(left.text) === 'NULL') return made('NULL');
  const errno = [left, right].find((n) => squeeze(bare(n).text) === '-EOPNOTSUPP');
  const value = errno === left ? right : left;
  if (errno === undefined) return [];
  return isErrorOf(value, names, all) ? made('compare-EOPNOTSUPP') : [];
}

function headOnly(test: ResultTest): ResultTest {
  return { ...test, text: /^if\([^{;]*?\)/.exec(test.text)?.[0] ?? 'if' };
}

/** `x`, or `x = alloc_dax(...)` written in place. */
function namesResult(node: CNode, names: ReadonlySet<string>): boolean {
  const inner = bare(node);
  const left = inner.kind === 'assignment_expression' ? inner.field('left') : undefined;
  if (left !== undefined && !/\balloc_dax\s*\(/.test(inner.text)) return false;
  return names.has(squeeze((left ?? inner).text));
}

/** `PTR_ERR(x)`, or a variable that is given PTR_ERR(x) somewhere after the call. */
function isErrorOf(node: CNode, names: ReadonlySet<string>, all: readonly CNode[]): boolean {
  const takes = (n: CNode): boolean =>
    descendants(n, (d) => (calleeOf(d) ?? '').startsWith('PTR_ERR')).some((d) => {
      const arg = argumentsOf(d)[0];
      return arg !== undefined && namesResult(arg, names);
    });
  if (takes(node)) return true;
  const name = squeeze(bare(node).text);
  return all.some((n) => {
    const [to, from] =
      n.kind === 'assignment_expression'
        ? [n.field('left'), n.field('right')]
        : n.kind === 'init_declarator'
          ? [n.field('declarator'), n.field('value')]
          : [];
    if (to === undefined || from === undefined || n.offset > node.offset) return false;
    return squeeze(to.text) === name && takes(from);
  });
}

function guardsOf(call: CNode, fun: CNode): readonly string[] {
  const guards: string[] = [];
  let below = call;
  for (let up = call.parent; up !== undefined && up !== fun; up = up.parent) {
    if (up.kind === 'if_statement' && up.field('condition') !== below) {
      const text = squeeze(bare(up.field('condition') ?? up).text);
      guards.unshift(up.field('alternative') === below ? `!(${text})` : text);
    }
    if (up.kind === 'compound_statement') guards.unshift(...earlyExits(up, below));
    below = up;
  }
  return guards;
}

/** Conditions on the configuration that return before `below` is reached, negated. */
function earlyExits(block: CNode, below: CNode): readonly string[] {
  return block.children.flatMap((statement) => {
    if (statement.offset >= below.offset || statement.kind !== 'if_statement') return [];
    const condition = statement.field('condition');
    const then = statement.field('consequence');
    if (condition === undefined || !/\bIS_(?:ENABLED|BUILTIN|REACHABLE)\b/.test(condition.text)) {
      return [];
    }
    const last = then?.kind === 'compound_statement' ? then.children.at(-1) : then;
    if (last?.kind !== 'return_statement') return [];
    const text = squeeze(bare(condition).text);
    return [text.startsWith('!IS_') && !/[&|]/.test(text) ? text.slice(1) : `!(${text})`];
  });
}

function orderOf(
  store: number | undefined,
  host: number | undefined,
): AllocDaxCaller['storeOrder'] {
  if (store === undefined) return 'no-store';
  if (host === undefined) return 'no-host';
  return store < host ? 'before-host' : 'after-host';
}

function releasesOf(fun: CNode): AllocDaxCaller['releases'] {
  return descendants(fun, (n) => RELEASES.has(calleeOf(n) ?? '')).map((n) => ({
    function: calleeOf(n) ?? '',
    argument: squeeze(argumentsOf(n)[0]?.text ?? ''),
    line: n.line,
  }));
}
