// Every distinct transition system of the catalogue: each test on each machine and cache kind,
// under the kernels and remedies that it speaks of, equal systems once.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { machines } from '../src/hw/index.ts';
import { namedKernels } from '../src/host/index.ts';
import { type LitmusTest, parseLitmus, remedyNames } from '../src/litmus/index.ts';
import { type Scenario, systemKeyer } from '../src/scenario/index.ts';
import {
  bedOf,
  cacheKinds,
  compileTest,
  optionsOf,
  type Setting,
  usualBeds,
} from '../src/verdict/index.ts';

/** The folder of the catalogue. */
export const catalogueFolder = path.resolve(import.meta.dirname, '../catalogue');

/** A test of the catalogue as it stands on disk. */
export interface CatalogueFile {
  readonly shelf: string;
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

/** One distinct system of a test. */
export interface CatalogueSystem {
  /** `coherence/CoWR+k+u+other@arm1020` */
  readonly name: string;
  readonly test: LitmusTest;
  readonly setting: Setting;
  readonly scenario: Scenario;
}

/** Every test that is not to be refused, sorted by shelf and name. */
export function catalogueFiles(): readonly CatalogueFile[] {
  return readdirSync(catalogueFolder)
    .sort()
    .filter((shelf) => shelf !== 'refused')
    .flatMap((shelf) =>
      readdirSync(path.join(catalogueFolder, shelf))
        .filter((name) => name.endsWith('.litmus'))
        .sort()
        .map((name) => {
          const file = path.join(catalogueFolder, shelf, name);
          const text = readFileSync(file, 'utf8');
          return { shelf, name: name.replace(/\.litmus$/, ''), file, text };
        }),
    );
}

/** The parsed test; throws where it is not one, with its first problem. */
export function parsed({ shelf, name, text }: CatalogueFile): LitmusTest {
  const read = parseLitmus(text, `${shelf}/${name}.litmus`);
  if (read.ok) return read.test;
  const [first] = read.problems;
  throw new Error(`${first?.where ?? name}: ${first?.what ?? 'refused'}`);
}

/** The settings of one test: all beds, the kernels and remedies that its claims name. */
export function settingsFor(test: LitmusTest): readonly Setting[] {
  const kernels = namedKernels();
  if (!kernels.ok) throw new Error(kernels.problem.what);
  const ids = new Set(['6.12', ...test.results.flatMap((r) => r.under)]);
  const asked = kernels.value.filter((k) => ids.has(k.id));
  const spoken = new Set([test.keys.remedy ?? 'none', ...test.results.flatMap((r) => r.with)]);
  const beds = usualBeds(test, [...machines.map(bedOf), ...cacheKinds]);
  const asksKernel = test.calls.length > 0 || test.program.stack !== undefined;
  return remedyNames
    .filter((remedy) => spoken.has(remedy))
    .flatMap((remedy) =>
      (asksKernel ? asked : [undefined]).flatMap((kernel) =>
        beds.map((bed): Setting => ({ bed, remedy, ...(kernel ? { kernel } : {}) })),
      ),
    );
}

/** Every distinct system of one test. */
export function systemsOf(shelf: string, test: LitmusTest): readonly CatalogueSystem[] {
  const found = new Map<string, CatalogueSystem>();
  const keyOf = systemKeyer(test.program);
  for (const setting of settingsFor(test)) {
    const options = optionsOf(
      { program: test.program, calls: test.calls, results: test.results },
      setting,
    );
    if ('why' in options || options.remedy === 'deny') continue;
    const on = [setting.bed.id, setting.kernel?.id, setting.remedy].filter(Boolean).join('/');
    const key = options.stack ? on : keyOf(options);
    if (found.has(key)) continue;
    const compiled = compileTest(test.program, options);
    if (!compiled.ok) continue;
    const scenario = compiled.value;
    found.set(key, { name: `${shelf}/${test.name}@${on}`, test, setting, scenario });
  }
  return [...found.values()];
}

/** Every distinct system of the catalogue, in the order of its tests. */
export function everyCatalogueSystem(): readonly CatalogueSystem[] {
  return catalogueFiles().flatMap((file) => systemsOf(file.shelf, parsed(file)));
}
