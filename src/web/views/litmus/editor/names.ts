// The names that a test declares, read from the tree of the editor's parser: also of a text that is
// not finished.

import { ensureSyntaxTree, syntaxTree } from '@codemirror/language';
import type { EditorState } from '@codemirror/state';

/** A name and what it stands for. */
export interface Declared {
  readonly name: string;
  readonly kind:
    | 'page'
    | 'address'
    | 'variable'
    | 'lock'
    | 'device'
    | 'mount'
    | 'file'
    | 'register';
  /** The declaration, on one line. */
  readonly says?: string;
  /** How a thread is passed it: `int *k`; absent where it cannot be. */
  readonly param?: string;
  /** May stand in the body of the thread that was asked about. */
  readonly inBody: boolean;
}

/** Milliseconds that a whole test may take to be read: it takes one or two. */
const PATIENCE = 100;

/** The tree of the whole text, unless that is far too long to be read at once. */
export function wholeTree(state: EditorState): ReturnType<typeof syntaxTree> {
  return ensureSyntaxTree(state, state.doc.length, PATIENCE) ?? syntaxTree(state);
}

const KINDS: Readonly<Record<string, Declared['kind']>> = {
  Page: 'page',
  Address: 'address',
  Variable: 'variable',
  Lock: 'lock',
  Device: 'device',
  Mount: 'mount',
  File: 'file',
};

/**
 * What the init block declares and, where `pos` is in a thread, its registers. With `pos` those of
 * the init block that the thread is passed are `inBody`.
 */
export function declaredNames(state: EditorState, pos?: number): readonly Declared[] {
  const { topNode } = wholeTree(state);
  const thread =
    pos === undefined
      ? undefined
      : topNode.getChildren('Thread').find(({ from, to }) => from <= pos && pos <= to);
  const text = (node: { readonly from: number; readonly to: number }): string =>
    state.sliceDoc(node.from, node.to);
  const passed = new Set(
    (thread?.getChildren('Param') ?? []).flatMap((param) => param.getChildren('Name').map(text)),
  );
  const found: Declared[] = [];
  const init = topNode.getChild('Init');
  for (let item = init?.firstChild ?? null; item !== null; item = item.nextSibling) {
    const kind = KINDS[item.name];
    const first = item.getChild('Name');
    if (kind === undefined || first === null) continue;
    const name = text(first);
    const says = text(item).replaceAll(/\s+/g, ' ').replace(/;$/, '');
    const param = paramOf(kind, name, says);
    found.push({ name, kind, says, ...(param ? { param } : {}), inBody: passed.has(name) });
  }
  const body = thread?.getChild('Body');
  body?.cursor().iterate((node) => {
    if (node.name !== 'Declarator') return;
    const name = node.node.getChild('Name');
    if (name) found.push({ name: text(name), kind: 'register', inBody: true });
  });
  return found;
}

function paramOf(kind: Declared['kind'], name: string, says: string): string | undefined {
  switch (kind) {
    case 'address':
      return `${/^(?:struct\s+\w+|int)/.exec(says)?.[0] ?? 'int'} *${name}`;
    case 'variable':
      return `int *${name}`;
    case 'lock':
      return says.startsWith('struct') ? `struct mutex *${name}` : `spinlock_t *${name}`;
    case 'file':
      return `struct file *${name}`;
    case 'device':
      return `device ${name}`;
    case 'mount':
      return `mount ${name}`;
    case 'page':
    case 'register':
      return undefined;
  }
}
