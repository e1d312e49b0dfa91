// The kernels that can be named: policies of the catalogue, releases recorded from real trees, and
// fact files that `dachs audit --facts` wrote.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ok, type Result } from '../base/index.ts';
import { KERNEL_HINT, kernelFromJson } from '../forms/index.ts';
import { type Kernel, kernelsByAge } from '../kernel/index.ts';
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
  return ok(kernelsByAge(recorded));
}

/** A kernel from a fact file; a Problem with the place where it is not one. */
export function kernelFromFile(file: string): Result<Kernel> {
  const text = readTextFile(file, 'fact file', KERNEL_HINT);
  return text.ok ? kernelFromJson(text.value, file) : text;
}
