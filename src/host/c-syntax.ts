// The C parser of the rim: web-tree-sitter and the C grammar, WebAssembly from their packages. A
// tree is copied in one pass over a cursor, which costs less than to ask for one node after the
// other; nodes of our own know nothing of the parser's memory.

import { createRequire } from 'node:module';
import type { Language, Parser, Tree } from 'web-tree-sitter';
import type { CNode, CSyntax } from '../audit/index.ts';
import { maskKernelMacros } from '../audit/index.ts';
import { assert, present } from '../base/index.ts';

let loaded: Promise<CSyntax> | undefined;

/** The parser, loaded once per process; parsing itself is synchronous. */
export function loadCSyntax(): Promise<CSyntax> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<CSyntax> {
  // Loaded when a C file is read, not before: most commands read none.
  const { Language, Parser } = await import('web-tree-sitter');
  await Parser.init();
  const require = createRequire(import.meta.url);
  const language = await Language.load(require.resolve('tree-sitter-c/tree-sitter-c.wasm'));
  const parser = new Parser().setLanguage(language);
  const grammar = grammarOf(language);
  return { parse: (text, use) => use(parseWith(parser, grammar, text)) };
}

/** What each number of the grammar means, asked once. */
interface Grammar {
  readonly kinds: readonly string[];
  /** 0 for a token without a name, 1 for a node, 2 for one whose children nobody wants. */
  readonly sorts: readonly number[];
  readonly fields: readonly (string | null)[];
}

const NAMED = 1;
const LEAF = 2;

/** Nodes without named children, and strings: their pieces are of no use to us. */
const LEAVES: ReadonlySet<string> = new Set([
  'identifier',
  'field_identifier',
  'type_identifier',
  'statement_identifier',
  'number_literal',
  'string_literal',
  'char_literal',
  'system_lib_string',
  'primitive_type',
  'storage_class_specifier',
  'preproc_arg',
  'preproc_directive',
  'comment',
]);

function grammarOf(language: Language): Grammar {
  const kinds = language.types;
  const sorts = kinds.map((kind, id) =>
    !language.nodeTypeIsNamed(id) ? 0 : LEAVES.has(kind) ? LEAF : NAMED,
  );
  return { kinds, sorts, fields: language.fields };
}

function parseWith(parser: Parser, grammar: Grammar, text: string): CNode {
  const masked = maskKernelMacros(text);
  assert(masked.length === text.length, 'a mask keeps the length of the text');
  const tree = present(parser.parse(masked), 'syntax tree');
  try {
    return copyOf(tree, grammar, { text, lines: undefined });
  } finally {
    tree.delete();
  }
}

/** Copies every node with a name, and the tokens that bear a field, such as operators. */
function copyOf(tree: Tree, grammar: Grammar, source: Source): TreeNode {
  // Only then may a node be missing, and asking each costs time.
  const mayMiss = tree.rootNode.hasError;
  const cursor = tree.walk();
  const root = new TreeNode(source, 'translation_unit', '', cursor.startIndex, cursor.endIndex);
  root.kind = grammar.kinds[cursor.nodeTypeId] ?? 'ERROR';
  root.hasError = root.kind === 'ERROR';
  let parent = root;
  let goes = cursor.gotoFirstChild();
  while (goes) {
    const id = cursor.nodeTypeId;
    const sort = grammar.sorts[id] ?? NAMED;
    const field = cursor.currentFieldId;
    let node: TreeNode | undefined;
    if (sort !== 0 || field !== 0) {
      const role = grammar.fields[field] ?? '';
      const kind = grammar.kinds[id] ?? 'ERROR';
      node = new TreeNode(source, kind, role, cursor.startIndex, cursor.endIndex);
      node.parent = parent;
      (sort === 0 ? parent.tokens : parent.children).push(node);
      if (kind === 'ERROR') node.hasError = true;
    }
    if (mayMiss && cursor.nodeIsMissing) {
      if (node === undefined) parent.hasError = true;
      else node.isMissing = node.hasError = true;
    }
    if (node !== undefined && sort === NAMED && cursor.gotoFirstChild()) {
      parent = node;
      continue;
    }
    if (node?.hasError === true) parent.hasError = true;
    while (!cursor.gotoNextSibling()) {
      goes = cursor.gotoParent() && parent !== root;
      if (!goes) break;
      const done = parent;
      parent = present(done.parent, 'parent of a node');
      if (done.hasError) parent.hasError = true;
    }
  }
  cursor.delete();
  return root;
}

interface Source {
  readonly text: string;
  /** Offsets at which lines begin, made when a line is asked for. */
  lines: readonly number[] | undefined;
}

const NO_TOKENS: TreeNode[] = [];

class TreeNode implements CNode {
  readonly source: Source;
  kind: string;
  /** The field of its parent that it stands in, or empty. */
  readonly role: string;
  readonly offset: number;
  readonly endOffset: number;
  readonly children: TreeNode[] = [];
  parent: TreeNode | undefined = undefined;
  hasError = false;
  isMissing = false;
  ownTokens: TreeNode[] | undefined = undefined;

  constructor(source: Source, kind: string, role: string, offset: number, endOffset: number) {
    this.source = source;
    this.kind = kind;
    this.role = role;
    this.offset = offset;
    this.endOffset = endOffset;
  }

  get tokens(): TreeNode[] {
    this.ownTokens ??= [];
    return this.ownTokens;
  }

  get text(): string {
    return this.source.text.slice(this.offset, this.endOffset);
  }

  get line(): number {
    return lineBefore(this.source, this.offset);
  }

  get col(): number {
    return this.offset - (linesOf(this.source)[this.line - 1] ?? 0) + 1;
  }

  field(name: string): CNode | undefined {
    for (const child of this.children) if (child.role === name) return child;
    for (const token of this.ownTokens ?? NO_TOKENS) if (token.role === name) return token;
    return undefined;
  }
}

function linesOf(source: Source): readonly number[] {
  if (source.lines !== undefined) return source.lines;
  const lines = [0];
  const { text } = source;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.push(at + 1);
  source.lines = lines;
  return lines;
}

/** Number of the line that `offset` lies in, from 1. */
function lineBefore(source: Source, offset: number): number {
  const lines = linesOf(source);
  let low = 0;
  let high = lines.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return high;
}
