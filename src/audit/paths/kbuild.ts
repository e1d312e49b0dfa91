// Which configuration symbol builds a C file: the line of its folder's Makefile.
// @source Documentation/kbuild/makefiles.rst v6.12: obj-$(CONFIG_X) += a.o, a-y := b.o, a-objs += c.o

import type { SourceTree } from '../tree.ts';

/** The symbols (without CONFIG_) that must all be set for the file to be built; undefined: unknown. */
export function kbuildSymbols(tree: SourceTree, file: string): readonly string[] | undefined {
  const slash = file.lastIndexOf('/');
  const folder = file.slice(0, slash);
  const text = readMakefile(tree, folder);
  if (text === undefined) return undefined;
  return symbolsOf(rulesOf(text), file.slice(slash + 1).replace(/\.c$/, ''), 0);
}

function readMakefile(tree: SourceTree, folder: string): string | undefined {
  for (const name of ['Makefile', 'Kbuild']) {
    if (!tree.list(folder)?.includes(name)) continue;
    const text = tree.read(`${folder}/${name}`);
    if (text.ok) return text.value;
  }
  return undefined;
}

/** One assignment: what is built of which objects, and by which symbol. */
interface Rule {
  /** `obj`, or the name of an object that is put together of others. */
  readonly target: string;
  readonly symbol: string | undefined;
  readonly objects: readonly string[];
}

function rulesOf(text: string): readonly Rule[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split('\n');
  return lines.flatMap((line): readonly Rule[] => {
    const match = /^([\w.-]+?)-(?:(y|m|objs)|\$\(CONFIG_(\w+)\))\s*[:+]?=(.*)$/.exec(line.trim());
    if (match === null) return [];
    const [, target = '', , symbol, rest = ''] = match;
    const objects = [...rest.matchAll(/([\w.-]+)\.o\b/g)].map((one) => one[1] ?? '');
    return [{ target, symbol, objects }];
  });
}

const MAX_DEPTH = 5;

function symbolsOf(
  rules: readonly Rule[],
  object: string,
  depth: number,
): readonly string[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  for (const { target, symbol, objects } of rules) {
    if (!objects.includes(object)) continue;
    const own = symbol === undefined ? [] : [symbol];
    if (target === 'obj') return own;
    const above = symbolsOf(rules, target, depth + 1);
    if (above !== undefined) return [...above, ...own];
  }
  return undefined;
}
