// Alias tests that stand in filesystems: the shape of the first two versions of the series, where
// each filesystem asked at mount. @source fs/*/super.c of those versions, dax_is_supported()

import type { SourceTree } from '../tree.ts';
import type { FilesystemGate, NotChecked } from './facts.ts';
import { PREDICATE_VARIANTS } from './predicate.ts';
import { blankComments } from './preprocessor.ts';
import { ancestor, calleeOf, type CSyntax, functionName, nodeAt } from './syntax.ts';

// What files with an alias test contain: every name of the predicate contains the second.
const NEEDLES = ['dax_is_supported', 'cache_is_aliasing'];
const SYMBOLS = ['dax_is_supported', ...PREDICATE_VARIANTS.map((v) => v.name)];

/** Calls of an alias test below fs/, sorted by place; names that are not calls are listed. */
export function filesystemGates(
  tree: SourceTree,
  syntax: CSyntax,
): { readonly gates: readonly FilesystemGate[]; readonly notChecked: readonly NotChecked[] } {
  const gates: FilesystemGate[] = [];
  const notChecked: NotChecked[] = [];
  const files = new Set([...tree.search(NEEDLES, ['fs']).values()].flat());
  for (const file of [...files].sort()) {
    const text = tree.read(file);
    if (!text.ok) {
      const why = text.problem.what;
      notChecked.push({ subject: 'filesystem alias test', why, file, line: 1 });
      continue;
    }
    const pattern = new RegExp(`\\b(?:${SYMBOLS.join('|')})\\b`, 'g');
    const uses = [...blankComments(text.value).matchAll(pattern)];
    if (uses.length === 0) continue;
    syntax.parse(text.value, (root) => {
      for (const use of uses) {
        const node = nodeAt(root, use.index);
        const symbol = use[0];
        const fun = ancestor(node, (n) => n.kind === 'function_definition');
        const name = fun && functionName(fun);
        if (node.parent !== undefined && calleeOf(node.parent) === symbol && fun !== undefined) {
          const place = { file, line: node.line, col: node.col };
          gates.push({ place, function: name, symbol });
        } else if (name !== symbol) {
          const why = `${symbol} is named but not called in a function`;
          const line = text.value.slice(0, use.index).split('\n').length;
          notChecked.push({ subject: 'filesystem alias test', why, file, line });
        }
      }
    });
  }
  return { gates, notChecked };
}
