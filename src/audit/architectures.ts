// What `make ARCH=` can be in a tree. An architecture leaves open what its Kconfig lets the user
// choose (word size, CPU generation, MMU); the ports of ports.ts fix that by a preset.

import type { PortConfig } from './ports.ts';
import { environmentOf, ports } from './ports.ts';
import type { SourceTree } from './tree.ts';

/** Names that `make ARCH=` takes beside the folders below arch/, by folder. */
const makeNames: Readonly<Record<string, readonly string[]>> = {
  parisc: ['parisc64'],
  sparc: ['sparc32', 'sparc64'],
  x86: ['i386', 'x86_64'],
};

/** The folders below arch/ that have a Kconfig file, sorted. */
export function architectureFolders(tree: SourceTree): readonly string[] {
  return (tree.list('arch') ?? []).filter(
    (name) => tree.list(`arch/${name}`)?.includes('Kconfig') ?? false,
  );
}

/** One architecture for each folder of a tree, nothing fixed, sorted. */
export function architecturesOf(tree: SourceTree): readonly PortConfig[] {
  return architectureFolders(tree).map((folder) => architecture(folder, folder));
}

/** All names that `architectureNamed` takes for a tree, sorted. */
export function architectureNames(tree: SourceTree): readonly string[] {
  const folders = architectureFolders(tree);
  const made = folders.flatMap((folder) => [folder, ...(makeNames[folder] ?? [])]);
  const fixed = ports.filter(({ srcarch }) => folders.includes(srcarch)).map(({ id }) => id);
  return [...new Set([...made, ...fixed])].sort();
}

/**
 * The architecture of a name that `make ARCH=` takes, nothing fixed; or of the id of a port, with
 * its preset. Undefined where the tree has neither.
 */
export function architectureNamed(tree: SourceTree, name: string): PortConfig | undefined {
  for (const folder of architectureFolders(tree)) {
    const names = [folder, ...(makeNames[folder] ?? [])];
    if (names.includes(name)) return architecture(name, folder);
  }
  const folders = architectureFolders(tree);
  return ports.find(({ id, srcarch }) => id === name && folders.includes(srcarch));
}

function architecture(name: string, folder: string): PortConfig {
  // User-mode Linux takes its headers from the machine that it runs on.
  const extra = folder === 'um' ? { SUBARCH: 'x86', HEADER_ARCH: 'x86' } : undefined;
  return {
    id: name,
    arch: folder,
    srcarch: folder,
    env: environmentOf(folder, name, extra),
    preset: {},
    note: `make ARCH=${name}`,
  };
}
