// Declarators: the name that is declared, and what around it makes it a pointer or an array.

import type { CNode } from '../c/syntax.ts';
import { squeeze } from '../c/syntax.ts';
import type { Param } from './flow.ts';

const DECLARATORS: ReadonlySet<string> = new Set([
  'identifier',
  'init_declarator',
  'pointer_declarator',
  'array_declarator',
  'function_declarator',
  'parenthesized_declarator',
  'attributed_declarator',
]);

/** What a declarator says of its name. */
export interface Declared {
  readonly name: CNode | undefined;
  readonly isPointer: boolean;
  readonly isArray: boolean;
  /** The innermost function declarator: with it a name is a function, or a pointer to one. */
  readonly parameters: CNode | undefined;
  /** A star stands outside of the function's parameters: it returns a pointer. */
  readonly returnsPointer: boolean;
}

/** All declarators of a declaration, in order. */
export function declaratorsOf(declaration: CNode): readonly CNode[] {
  return declaration.children.filter((c) => DECLARATORS.has(c.kind));
}

/** Follows a declarator to its name, however it is wrapped. */
export function declaredBy(declarator: CNode | undefined): Declared {
  let isPointer = false;
  let isArray = false;
  let returnsPointer = false;
  let parameters: CNode | undefined;
  let node = declarator;
  while (node !== undefined && node.kind !== 'identifier') {
    if (node.kind.endsWith('pointer_declarator')) isPointer = true;
    if (node.kind.endsWith('array_declarator')) isArray = true;
    if (node.kind.endsWith('function_declarator')) {
      parameters = node.field('parameters');
      returnsPointer = isPointer;
      isPointer = false;
    }
    node =
      node.field('declarator') ??
      node.children.find((c) => /declarator$|^identifier$/.test(c.kind));
  }
  return { name: node, isPointer, isArray, parameters, returnsPointer };
}

/** The words of a type, e.g. `struct dax_device` or `unsigned int`, without what a body says. */
export function typeWords(node: CNode): string {
  const type = node.field('type');
  if (type === undefined) return '';
  const body = type.field('body');
  const words = body === undefined ? type.text : type.text.slice(0, body.offset - type.offset);
  return squeeze(words);
}

/** The parameters of a function; `(void)` has none, and dots are none. */
export function paramsOf(list: CNode | undefined): readonly Param[] {
  const params: Param[] = [];
  for (const child of list?.children ?? []) {
    if (child.kind === 'identifier') {
      params.push({ name: child.text, type: '', isPointer: false });
    } else if (child.kind === 'parameter_declaration') {
      const { name, isPointer, isArray, parameters } = declaredBy(child.field('declarator'));
      const type = typeWords(child);
      const isVoid = type === 'void' && child.field('declarator') === undefined;
      const points = isPointer || isArray || parameters !== undefined;
      if (!isVoid) params.push({ name: name?.text, type, isPointer: points });
    }
  }
  return params;
}
