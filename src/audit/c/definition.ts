// alloc_dax() itself: does its body test for aliasing caches, where, for whom, with what answer.
// @source drivers/dax/super.c alloc_dax(), include/linux/dax.h v6.1, v6.12; versions 3 and 4 of the
// series for the tests by list and the NULL answer.

import type {
  AliasTest,
  AllocDaxDefinition,
  AllocDaxStub,
  NotChecked,
  Place,
  Returned,
} from './facts.ts';
import { PREDICATE_VARIANTS } from './predicate.ts';
import { argumentsOf, bare, calleeOf, type CNode, descendants, squeeze } from './syntax.ts';

// Architectures that were ever refused by name, or whose caches may alias.
// @source fs/Kconfig FS_DAX v6.1; arch/*/Kconfig ARCH_HAS_CPU_CACHE_ALIASING v6.12
const ARCH_SYMBOLS = new Set(
  'ARC ARM CSKY M68K MIPS NIOS2 PARISC SPARC SPARC32 SPARC64 SUPERH XTENSA'.split(' '),
);

// Functions that take a minor number, memory or an inode. @source drivers/dax/super.c v4.12..v6.12
const ALLOCATION =
  /^(?:ida_(?:alloc|simple_get)|idr_alloc|dax_dev_get$|k[mzv]+alloc|kcalloc|kstrdup|alloc_|iget)/;

/** Facts of the definition; an alias test of a shape not known is listed, and left out. */
export function readDefinition(
  file: string,
  fun: CNode,
): { readonly definition: AllocDaxDefinition; readonly notChecked: readonly NotChecked[] } {
  const params = descendants(fun, (n) => n.kind === 'parameter_declaration');
  const opsIndex = params.findIndex((p) => /\bdax_operations\b/.test(p.text));
  const opsName = params[opsIndex]?.text.match(/\w+$/)?.[0];
  const body = fun.field('body') ?? fun;
  const allocation = descendants(body, (n) => ALLOCATION.test(calleeOf(n) ?? ''))[0];
  const aliasTests: AliasTest[] = [];
  const notChecked: NotChecked[] = [];
  const done = new Set<CNode>();
  for (const mark of descendants(body, isAliasMark)) {
    const statement = outermostIf(mark, body);
    if (statement !== undefined && done.has(statement.inner)) continue;
    const test = statement && readTest(file, statement, { opsName, allocation });
    if (statement !== undefined) done.add(statement.inner);
    if (test !== undefined) aliasTests.push(test);
    else {
      const why = `'${squeeze(mark.text)}' is not a plain if that returns at once`;
      notChecked.push({ subject: 'alias test in alloc_dax()', why, file, line: mark.line });
    }
  }
  notChecked.push(...otherRefusals(file, body, [...done]));
  const definition: AllocDaxDefinition = {
    place: placeOf(file, nameNode(fun) ?? fun),
    prototype: squeezeProse(fun.text.slice(0, body.offset - fun.offset)),
    opsIndex: opsIndex < 0 ? undefined : opsIndex,
    aliasTests,
    firstAllocation: allocation && { name: calleeOf(allocation) ?? '', line: allocation.line },
  };
  return { definition, notChecked };
}

/** Facts of the inline function that stands in where CONFIG_DAX is n. */
export function readStub(file: string, fun: CNode): AllocDaxStub {
  const returns = descendants(fun, (n) => n.kind === 'return_statement');
  const [only, second] = returns;
  const answer: Returned =
    only === undefined || second !== undefined
      ? { kind: 'other', text: `${returns.length} return statements` }
      : returnedBy(only);
  return { place: placeOf(file, nameNode(fun) ?? fun), returns: answer };
}

/** Place of a node in a file. */
export function placeOf(file: string, node: CNode): Place {
  return { file, line: node.line, col: node.col };
}

/** True for a call of the predicate, under any of its names, or IS_ENABLED() of an architecture. */
export function isAliasMark(node: CNode): boolean {
  const name = calleeOf(node);
  if (name === undefined) return false;
  if (PREDICATE_VARIANTS.some((v) => v.name === name)) return true;
  const symbol = argumentsOf(node)[0]?.text.replace(/^CONFIG_/, '') ?? '';
  return name === 'IS_ENABLED' && ARCH_SYMBOLS.has(symbol);
}

/** Answers of -EOPNOTSUPP that no alias test gives, and `#if`: a gate of a shape not known. */
function otherRefusals(file: string, body: CNode, tests: readonly CNode[]): readonly NotChecked[] {
  return descendants(body, (n) => /^return_statement|^preproc_if/.test(n.kind)).flatMap((n) => {
    if (n.kind.startsWith('preproc')) {
      const why = 'a preprocessor condition in its body was not decided';
      return [{ subject: 'alias test in alloc_dax()', why, file, line: n.line }];
    }
    if (!/-\s*EOPNOTSUPP\b/.test(n.text)) return [];
    if (tests.some((t) => t.offset <= n.offset && n.endOffset <= t.endOffset)) return [];
    const why = 'returns -EOPNOTSUPP for a reason not understood';
    return [{ subject: 'alias test in alloc_dax()', why, file, line: n.line }];
  });
}

interface Statement {
  readonly inner: CNode;
  /** Conditions from the outermost `if` to the inner one; all must hold. */
  readonly conditions: readonly CNode[];
}

/** The `if` whose condition holds `mark`, with the `if`s around it; undefined for another shape. */
function outermostIf(mark: CNode, body: CNode): Statement | undefined {
  const conditions: CNode[] = [];
  let inner: CNode | undefined;
  let below = mark;
  for (let up = mark.parent; up !== undefined && up !== body; up = up.parent) {
    if (up.kind === 'if_statement') {
      const condition = up.field('condition');
      if (condition === undefined) return undefined;
      if (inner === undefined && condition !== below) return undefined;
      if (up.field('alternative') === below) return undefined;
      inner ??= up;
      conditions.unshift(condition);
    }
    below = up;
  }
  return inner && { inner, conditions };
}

function readTest(
  file: string,
  statement: Statement,
  known: { readonly opsName: string | undefined; readonly allocation: CNode | undefined },
): AliasTest | undefined {
  const parts = statement.conditions.flatMap(conjuncts);
  const aliasParts = parts.filter((p) => descendants(p, isAliasMark).length > 0);
  const others = parts.filter((p) => !aliasParts.includes(p)).map((p) => squeeze(p.text));
  const forOps = others.filter((t) => asksForOps(t, known.opsName));
  const [alias] = aliasParts;
  if (alias === undefined || aliasParts.length > 1 || !isPlainAlternative(alias)) return undefined;
  if (forOps.length !== others.length) return undefined;
  const answer = soleReturn(statement.inner.field('consequence'));
  if (answer === undefined) return undefined;
  const marks = descendants(alias, isAliasMark);
  const isListed = (m: CNode): boolean => calleeOf(m) === 'IS_ENABLED';
  const names = marks.map((m) => (isListed(m) ? argumentsOf(m)[0]?.text : calleeOf(m)) ?? '');
  return {
    place: placeOf(file, statement.inner),
    condition: statement.conditions.map((c) => squeeze(bare(c).text)).join('&&'),
    by: marks.every(isListed) ? 'architecture-list' : 'predicate',
    names: [...new Set(names.map((n) => n.replace(/^CONFIG_/, '')))].sort(),
    exemptsNullOps: forOps.length > 0,
    returns: returnedBy(answer),
    beforeAllocation:
      known.allocation === undefined || statement.inner.offset < known.allocation.offset,
  };
}

function conjuncts(condition: CNode): readonly CNode[] {
  const node = bare(condition);
  if (node.kind !== 'binary_expression' || node.field('operator')?.text !== '&&') return [node];
  return [node.field('left'), node.field('right')].flatMap((n) => (n ? conjuncts(n) : []));
}

/** Marks joined by `||` alone: nothing negated, nothing compared. */
function isPlainAlternative(node: CNode): boolean {
  const inner = bare(node);
  if (isAliasMark(inner)) return true;
  if (inner.kind !== 'binary_expression' || inner.field('operator')?.text !== '||') return false;
  return [inner.field('left'), inner.field('right')].every((n) => n && isPlainAlternative(n));
}

function asksForOps(text: string, ops: string | undefined): boolean {
  return ops !== undefined && [ops, `${ops}!=NULL`, `NULL!=${ops}`].includes(text);
}

function soleReturn(branch: CNode | undefined): CNode | undefined {
  if (branch?.kind === 'return_statement') return branch;
  if (branch?.kind !== 'compound_statement') return undefined;
  return branch.children.findLast((c) => c.kind === 'return_statement');
}

function returnedBy(statement: CNode): Returned {
  const value = statement.children.find((c) => c.kind !== 'comment');
  const text = value === undefined ? '' : squeeze(bare(value).text);
  if (text === 'ERR_PTR(-EOPNOTSUPP)') return { kind: '-EOPNOTSUPP' };
  return text === 'NULL' ? { kind: 'NULL' } : { kind: 'other', text };
}

function nameNode(fun: CNode): CNode | undefined {
  let node = fun.field('declarator');
  while (node !== undefined && node.kind !== 'identifier') node = node.field('declarator');
  return node;
}

function squeezeProse(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\//g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
