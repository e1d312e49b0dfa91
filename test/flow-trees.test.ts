// Graphs of real functions: for every function of two folders of a real tree all edges lead to
// nodes, and every node is reached from the entry; the end is too.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Flow, printFlow, readFunction, readUnit, waysOn } from '../src/audit/flow/index.ts';
import { present } from '../src/base/index.ts';
import { loadCSyntax } from '../src/host/index.ts';
import { kernelTree } from './support.ts';

const tree = kernelTree('6.12');
const syntax = await loadCSyntax();

/** What is wrong with a graph, in a word; nothing where it is whole. */
function faults(flow: Flow): string[] {
  const seen = new Set([flow.entry]);
  const found: string[] = [];
  for (const index of seen) {
    const node = flow.nodes[index];
    if (node === undefined) found.push(`${flow.file} ${flow.name}: no node ${index}`);
    else for (const way of waysOn(node)) seen.add(way);
  }
  const dead = flow.nodes.length - seen.size;
  if (dead !== 0) found.push(`${flow.file} ${flow.name}: ${dead} nodes not reached`);
  if (flow.nodes.at(-1)?.kind !== 'end') found.push(`${flow.file} ${flow.name}: no end`);
  return found;
}

describe.skipIf(tree === undefined)('a tree of 6.12', () => {
  test.each(['fs/ext4', 'drivers/nvdimm'])('every graph of %s is whole', (folder) => {
    const where = path.join(present(tree, 'tree'), folder);
    const files = readdirSync(where).filter((name) => name.endsWith('.c'));
    const flows = files.flatMap((name) => {
      const text = readFileSync(path.join(where, name), 'utf8');
      return readUnit(`${folder}/${name}`, text, syntax).flows;
    });
    expect(flows.length).toBeGreaterThan(300);
    expect(flows.flatMap(faults)).toEqual([]);
  });

  test('functions read alone are those of the whole file', () => {
    const file = path.join(present(tree, 'tree'), 'drivers/nvdimm/pmem.c');
    const text = readFileSync(file, 'utf8');
    const unit = readUnit('pmem.c', text, syntax);
    for (const flow of unit.flows) {
      const from = text.lastIndexOf('\n}', flow.at) + 2;
      const alone = readFunction('pmem.c', text, from, flow.end + 1, syntax);
      expect(alone.map((f) => f.name)).toContain(flow.name);
      const same = alone.find((f) => f.at === flow.at);
      expect(same && printFlow(same), flow.name).toBe(printFlow(flow));
    }
  });
});
