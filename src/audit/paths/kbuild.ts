// Which configuration symbols build a C file: lines of the Makefile of its folder and of those
// above it.
// @source Documentation/kbuild/makefiles.rst v6.12: obj-$(CONFIG_X) += a.o b/, a-y := c.o, a-objs

import type { SourceTree } from '../tree.ts';

/**
 * The symbols (without CONFIG_) that must all be set for the file to be built, those that lead into
 * its folder included; undefined: no rule for it was found.
 */
export function kbuildSymbols(tree: SourceTree, file: string): readonly string[] | undefined {
  const slash = file.lastIndexOf('/');
  const folder = file.slice(0, slash);
  const rules = rulesOf(tree, folder);
  const own = rules && symbolsOf(rules, file.slice(slash + 1).replace(/\.c$/, ''), 0);
  return own && [...new Set([...above(tree, folder), ...own])];
}

/** Symbols without which Kbuild does not enter a folder, as far as Makefiles above say. */
function above(tree: SourceTree, folder: string): readonly string[] {
  const slash = folder.lastIndexOf('/');
  if (slash < 0) return [];
  const parent = folder.slice(0, slash);
  const rules = rulesOf(tree, parent) ?? [];
  const own = symbolsOf(rules, `${folder.slice(slash + 1)}/`, 0) ?? [];
  return [...above(tree, parent), ...own];
}

/** One assignment: what is built of which objects, and by which symbol. */
interface Rule {
  /** `obj`, or the name of an object that is put together of others. */
  readonly target: string;
  readonly symbol: string | undefined;
  /** Objects without `.o`, and folders with their slash. */
  readonly objects: readonly string[];
}

function rulesOf(tree: SourceTree, folder: string): readonly Rule[] | undefined {
  for (const name of ['Kbuild', 'Makefile']) {
    if (!tree.list(folder)?.includes(name)) continue;
    const text = tree.read(`${folder}/${name}`);
    if (text.ok) return rulesIn(text.value);
  }
  return undefined;
}

function rulesIn(text: string): readonly Rule[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split('\n');
  return lines.flatMap((line): readonly Rule[] => {
    const match = /^([\w.-]+?)-(?:(y|m|objs)|\$\(CONFIG_(\w+)\))\s*[:+]?=(.*)$/.exec(line.trim());
    if (match === null) return [];
    const [, target = '', , symbol, rest = ''] = match;
    const objects = [...rest.matchAll(/([\w.-]+)(?:\.o\b|(\/))/g)].map(
      ([, name = '', slash = '']) => `${name}${slash}`,
    );
    return [{ target, symbol, objects }];
  });
}

const MAX_DEPTH = 5;

/** What every rule needs that leads to an object: several rules for it are alternatives. */
function symbolsOf(
  rules: readonly Rule[],
  object: string,
  depth: number,
): readonly string[] | undefined {
  if (depth > MAX_DEPTH) return undefined;
  const ways = rules.flatMap(({ target, symbol, objects }): readonly (readonly string[])[] => {
    if (!objects.includes(object)) return [];
    const own = symbol === undefined ? [] : [symbol];
    if (target === 'obj') return [own];
    const outer = symbolsOf(rules, target, depth + 1);
    return outer === undefined ? [] : [[...outer, ...own]];
  });
  const [first, ...rest] = ways;
  return first?.filter((one) => rest.every((way) => way.includes(one)));
}
