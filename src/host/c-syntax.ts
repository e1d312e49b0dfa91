// The C parser of the rim: web-tree-sitter and the C grammar, WebAssembly from their packages.

import { createRequire } from 'node:module';
import type { Node, Parser } from 'web-tree-sitter';
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
  return { parse: (text, use) => parseWith(parser, text, use) };
}

function parseWith<T>(parser: Parser, text: string, use: (root: CNode) => T): T {
  const masked = maskKernelMacros(text);
  assert(masked.length === text.length, 'a mask keeps the length of the text');
  const tree = present(parser.parse(masked), 'syntax tree');
  try {
    return use(new TreeNode(tree.rootNode, text, undefined));
  } finally {
    tree.delete();
  }
}

/** Reads through to the parser's node, and keeps children so that a node has one identity. */
class TreeNode implements CNode {
  readonly node: Node;
  readonly source: string;
  readonly parent: CNode | undefined;
  cachedChildren: readonly TreeNode[] | undefined;
  cachedKind: string | undefined;

  constructor(node: Node, source: string, parent: CNode | undefined) {
    this.node = node;
    this.source = source;
    this.parent = parent;
  }

  get kind(): string {
    this.cachedKind ??= this.node.type;
    return this.cachedKind;
  }

  get text(): string {
    return this.source.slice(this.offset, this.endOffset);
  }

  get offset(): number {
    return this.node.startIndex;
  }

  get endOffset(): number {
    return this.node.endIndex;
  }

  get line(): number {
    return this.node.startPosition.row + 1;
  }

  get col(): number {
    return this.node.startPosition.column + 1;
  }

  get hasError(): boolean {
    return this.node.hasError;
  }

  get isMissing(): boolean {
    return this.node.isMissing;
  }

  get children(): readonly CNode[] {
    return this.ownChildren();
  }

  field(name: string): CNode | undefined {
    const child = this.node.childForFieldName(name);
    if (child === null) return undefined;
    const known = this.ownChildren().find((c) => c.node.id === child.id);
    return known ?? new TreeNode(child, this.source, this);
  }

  ownChildren(): readonly TreeNode[] {
    this.cachedChildren ??= this.node.namedChildren.map((c) => new TreeNode(c, this.source, this));
    return this.cachedChildren;
  }
}
