// A thread that reads the C of a tree while the main one reads its Kconfig: see c-part.ts.

import { parentPort, workerData } from 'node:worker_threads';
import { type CPart, readCPart } from '../audit/index.ts';
import { fail, type Result } from '../base/index.ts';
import { loadCSyntax } from './c-syntax.ts';
import { openTree } from './file-tree.ts';
import { builtInProtocols } from './protocols.ts';

async function answer(path: string): Promise<Result<CPart>> {
  const tree = openTree(path);
  if (!tree.ok) return fail(tree.problem);
  const protocols = builtInProtocols();
  if (!protocols.ok) return fail(protocols.problem);
  return readCPart(tree.value, await loadCSyntax(), protocols.value);
}

void answer(String(workerData)).then((told) => parentPort?.postMessage(told));
