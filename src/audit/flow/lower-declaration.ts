// Local declarations. `__free()` is blanked before parsing: it is found in the original words.

import type { CNode } from '../c/syntax.ts';
import { declaratorsOf, declaredBy, typeWords } from './declarator.ts';
import type { Draft } from './draft.ts';
import { lowerExpr } from './lower-expr.ts';

/** Adds a node for every variable; prototypes of functions say nothing. */
export function lowerDeclaration(node: CNode, draft: Draft): void {
  const type = typeWords(node);
  const declarators = declaratorsOf(node);
  const isStatic = node.children.some(
    (c) => c.kind === 'storage_class_specifier' && c.text === 'static',
  );
  const { text } = node;
  const cleansUp = /\b__(?:free|cleanup)\s*\(/.test(text);
  for (const [index, declarator] of declarators.entries()) {
    const { name, isPointer, isArray, parameters } = declaredBy(declarator);
    if (name === undefined || (parameters !== undefined && !isPointer)) continue;
    const value = declarator.kind === 'init_declarator' ? declarator.field('value') : undefined;
    const at = draft.around.base + name.offset;
    draft.step({
      kind: 'declare',
      name: name.text,
      type,
      isPointer,
      isArray,
      isStatic,
      init: value === undefined ? undefined : lowerExpr(value, draft, draft.depth),
      at,
      next: -1,
    });
    if (!cleansUp) continue;
    const last = value?.offset ?? declarators[index + 1]?.offset ?? node.endOffset;
    const behind = text.slice(name.endOffset - node.offset, last - node.offset);
    setAlive(name.text, behind, draft, at);
  }
}

function setAlive(name: string, behind: string, draft: Draft, at: number): void {
  const free = /\b__free\s*\(\s*(\w+)\s*\)/.exec(behind)?.[1];
  if (free !== undefined) {
    draft.live = { name, free, up: draft.live, depth: (draft.live?.depth ?? 0) + 1 };
  } else if (/\b__cleanup\s*\(/.test(behind)) {
    draft.around.note('clean-up by __cleanup() is not followed', at);
  }
}
