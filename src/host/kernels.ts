// The kernels that can be named: policies of the catalogue, releases recorded from real trees, and
// fact files that `dachs audit --facts` wrote.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result } from '../base/index.ts';
import { type Kernel, policies } from '../kernel/index.ts';
import { kernelFromJson } from './kernel-json.ts';
import { readTextFile } from './text-file.ts';

/** Folder of recorded releases: data/kernels beside src/ or dist/. */
const RECORDED = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../data/kernels');

/** Every named kernel, oldest first: releases by version, revisions of the series in between. */
export function namedKernels(folder = RECORDED): Result<readonly Kernel[]> {
  const recorded: Kernel[] = [];
  for (const name of existsSync(folder) ? readdirSync(folder).sort() : []) {
    if (!name.endsWith('.json')) continue;
    const kernel = kernelFromFile(path.join(folder, name));
    if (!kernel.ok) return kernel;
    recorded.push(kernel.value);
  }
  const all = [...policies, ...recorded];
  return ok(all.sort((a, b) => age(a.id) - age(b.id) || (a.id < b.id ? -1 : 1)));
}

/** A kernel from a fact file; a Problem with the place where it is not one. */
export function kernelFromFile(file: string): Result<Kernel> {
  const hint = 'write one with: dachs audit TREE --facts -o FILE.json';
  const text = readTextFile(file, 'fact file', hint);
  return text.ok ? kernelFromJson(text.value, file) : text;
}

// The revisions v1 to v6 were posted between 6.7 and 6.9.
function age(id: string): number {
  const revision = /^v(\d+)$/.exec(id);
  if (revision) return 6.08 + Number(revision[1]) / 1000;
  const [major = '0', minor = '0'] = id.split('.');
  return Number(major) + Number(minor) / 100;
}
