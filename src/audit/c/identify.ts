// Which kernel a folder holds, by the first lines of its top Makefile, and whether it is whole.

import { fail, ok, type Result } from '../../base/index.ts';
import type { SourceTree } from '../tree.ts';
import type { TreeVersion } from './facts.ts';

// What every kernel since 4.0 has and the auditor reads.
const EXPECTED = ['Kconfig', 'Makefile', 'arch', 'drivers', 'fs', 'include', 'mm'];

/** The version of the tree; a Problem where it is not a kernel tree, a part of one, or damaged. */
export function identifyTree(tree: SourceTree): Result<TreeVersion> {
  const present = new Set(tree.list('') ?? []);
  const missing = EXPECTED.filter((name) => !present.has(name));
  if (missing.includes('Makefile') || missing.includes('Kconfig')) return notATree(tree, missing);
  if (missing.length > 0) {
    return fail({
      what: `only a part of a kernel tree: it lacks ${missing.join(', ')}`,
      where: tree.name,
      hint: 'give the top folder of a complete source tree',
    });
  }
  const makefile = tree.read('Makefile');
  return makefile.ok ? versionOf(makefile.value) : makefile;
}

function notATree(tree: SourceTree, missing: readonly string[]): Result<TreeVersion> {
  return fail({
    what: `not a kernel tree: it has no ${missing.join(', ')}`,
    where: tree.name,
    hint: 'give the folder that holds the top Makefile and Kconfig',
  });
}

function versionOf(text: string): Result<TreeVersion> {
  if (text.includes('\0')) {
    return fail({
      what: 'the top Makefile is not text',
      where: 'Makefile',
      hint: 'unpack it anew',
    });
  }
  const values = new Map<string, { readonly text: string; readonly line: number }>();
  text
    .split('\n')
    .slice(0, 40)
    .forEach((line, index) => {
      const match = /^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION)[ \t]*:?=[ \t]*(\S*)\s*$/.exec(
        line,
      );
      if (match === null || values.has(match[1] ?? '')) return;
      values.set(match[1] ?? '', { text: match[2] ?? '', line: index + 1 });
    });
  const version = numberOf(values.get('VERSION')?.text);
  const patchlevel = numberOf(values.get('PATCHLEVEL')?.text);
  const sublevel = numberOf(values.get('SUBLEVEL')?.text ?? '0');
  if (version === undefined || patchlevel === undefined || sublevel === undefined) {
    return fail({
      what: 'the top Makefile does not state VERSION, PATCHLEVEL and SUBLEVEL as numbers',
      where: 'Makefile',
      hint: 'is this a Linux kernel tree?',
    });
  }
  const extra = values.get('EXTRAVERSION')?.text ?? '';
  const tail = sublevel === 0 ? '' : `.${sublevel}`;
  const line = values.get('VERSION')?.line ?? 1;
  return ok({
    version,
    patchlevel,
    sublevel,
    extra,
    release: `${version}.${patchlevel}${tail}${extra}`,
    source: { kind: 'tree', file: 'Makefile', line },
  });
}

function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
}
