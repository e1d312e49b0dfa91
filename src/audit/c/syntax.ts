// A concrete syntax tree of C as the auditor sees it: our own thin layer, so that the core needs no
// parser library. The rim provides the parser (src/host/c-syntax.ts); tests may use any other.

/** One named node of a syntax tree. Offsets count UTF-16 units of the text that was parsed. */
export interface CNode {
  /** Kind as the grammar names it, e.g. `call_expression`. */
  readonly kind: string;
  /** The node's own words, taken from the original text and not from the masked one. */
  readonly text: string;
  readonly offset: number;
  readonly endOffset: number;
  /** Place of the first character; both count from 1. */
  readonly line: number;
  readonly col: number;
  /** The node or something below it does not follow the grammar. */
  readonly hasError: boolean;
  /** The parser made this node up to go on. */
  readonly isMissing: boolean;
  readonly parent: CNode | undefined;
  /** Named children in order of place; comments are among them. */
  readonly children: readonly CNode[];
  /** The child that bears this field name, operators included; undefined where there is none. */
  field(name: string): CNode | undefined;
}

/** A parser of C. Nodes must not be kept after `use` returned: the tree is freed then. */
export interface CSyntax {
  parse<T>(text: string, use: (root: CNode) => T): T;
}

/** The smallest named node that covers `offset`. */
export function nodeAt(root: CNode, offset: number): CNode {
  let node = root;
  for (;;) {
    const child = node.children.find((c) => c.offset <= offset && offset < c.endOffset);
    if (child === undefined) return node;
    node = child;
  }
}

/** The nearest node at or above `node` for which `test` holds. */
export function ancestor(node: CNode, test: (n: CNode) => boolean): CNode | undefined {
  let up: CNode | undefined = node;
  while (up !== undefined && !test(up)) up = up.parent;
  return up;
}

/** All nodes at or below `node` for which `test` holds, in order of place. */
export function descendants(node: CNode, test: (n: CNode) => boolean): CNode[] {
  const found: CNode[] = [];
  const stack: CNode[] = [node];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    if (test(next)) found.push(next);
    for (const child of next.children.toReversed()) stack.push(child);
  }
  return found;
}

/** Text without white space and comments around its tokens: equal for equal expressions. */
export function squeeze(text: string): string {
  return text
    .replace(/\/\*[^]*?\*\/|\/\/[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ?([^\w ]) ?/g, '$1')
    .trim();
}

/** The expression inside any number of parentheses and casts. */
export function bare(node: CNode): CNode {
  let inner = node;
  for (;;) {
    const next: CNode | undefined =
      inner.kind === 'parenthesized_expression'
        ? inner.children.find((c) => c.kind !== 'comment')
        : inner.kind === 'cast_expression'
          ? inner.field('value')
          : undefined;
    if (next === undefined) return inner;
    inner = next;
  }
}

/** Name of the called function; undefined where something else than a plain name is called. */
export function calleeOf(node: CNode): string | undefined {
  if (node.kind !== 'call_expression') return undefined;
  const callee = node.field('function');
  return callee?.kind === 'identifier' ? callee.text : undefined;
}

/** The arguments of a call in order, without comments. */
export function argumentsOf(call: CNode): readonly CNode[] {
  return call.field('arguments')?.children.filter((c) => c.kind !== 'comment') ?? [];
}

/** Name of the function that `definition` (a `function_definition`) defines. */
export function functionName(definition: CNode): string | undefined {
  let declarator = definition.field('declarator');
  while (declarator !== undefined && declarator.kind !== 'identifier') {
    declarator = declarator.field('declarator');
  }
  return declarator?.text;
}
