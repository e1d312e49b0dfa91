// dachs matrix --by stack: machine x kernel x driver x file system x mount option.

import { at, fail, ok, present, type Result } from '../../base/index.ts';
import type { Bounds } from '../../explore/index.ts';
import { type Machine, machines } from '../../hw/index.ts';
import type { Kernel } from '../../kernel/index.ts';
import {
  type Place,
  placeText,
  type StackMatrix,
  stackDrivers,
  stackFileSystems,
  stackMatrix,
  stackOptions,
  stackPlaces,
} from '../../matrix/index.ts';
import {
  severity,
  stackRecord,
  stackSummaryText,
  stackText,
  stackWhyText,
} from '../../report/index.ts';
import { cacheModelOf, scenarioByName } from '../../scenario/index.ts';
import { remediesThatHelp } from '../../verdict/index.ts';
import { parseBound } from '../bound.ts';
import { EXIT, jsonText } from '../output.ts';
import { selectKernels, selectMachines, unknown } from '../selection.ts';
import { unused } from '../unused.ts';
import { packageVersion } from '../version.ts';
import type { Answer } from './answer.ts';

/** Options of `dachs matrix --by stack` as they were typed; lists are comma separated. */
export interface MatrixStackOptions {
  readonly kernel?: string;
  readonly arch?: string;
  readonly machine?: string;
  readonly driver?: string;
  readonly fs?: string;
  readonly option?: string;
  readonly verdict?: string;
  /** A cell: `arm926ej-s/pmem/ext4/always@6.12`. */
  readonly why?: string;
  readonly summary?: boolean;
  readonly bound?: string;
  readonly json?: boolean;
}

/** Kernels of the summary where none are named. */
const SUMMARY_KERNELS = '6.1,6.12';

/** The matrix, one cell of it, or its summary; findings (exit 1) are faults a user can reach. */
export function matrixStackCommand(options: MatrixStackOptions): Result<Answer> {
  const bounds = parseBound(options.bound);
  if (!bounds.ok) return bounds;
  if (options.why !== undefined) return whyCommand(options.why, options, bounds.value);
  const idle =
    options.summary === true ? unused(options, ['json', 'verdict'], '--summary') : undefined;
  if (idle) return idle;
  const usual = options.summary === true ? SUMMARY_KERNELS : 'all';
  const kernels = selectKernels(options.kernel ?? usual);
  if (!kernels.ok) return kernels;
  const chosen = selectMachines(options.machine, options.arch);
  if (!chosen.ok) return chosen;
  const places = selectPlaces(options);
  if (!places.ok) return places;
  const words = selectWords(options.verdict);
  if (!words.ok) return words;
  if (chosen.value.length === 0 || places.value.length === 0) return nothing(options);
  const limits = bounds.value === undefined ? {} : { bounds: bounds.value };
  const matrix = stackMatrix(chosen.value, kernels.value, { places: places.value, ...limits });
  return ok({ text: textOf(matrix, options, words.value), exit: exitOf(matrix) });
}

function nothing({ json }: MatrixStackOptions): Result<Answer> {
  const text = 'nothing to judge: no machine, or no stack, is in all the filters\n';
  if (json !== true) return ok({ text, exit: EXIT.nothingToCheck });
  return ok({ text: jsonText(stackRecord(stackMatrix([], []))), exit: EXIT.nothingToCheck });
}

function textOf(
  matrix: StackMatrix,
  { json, summary }: MatrixStackOptions,
  words: ReadonlySet<string> | undefined,
): string {
  if (json === true) return jsonText(stackRecord(matrix, words));
  if (summary === true) return stackSummaryText(matrix, { version: packageVersion() });
  return stackText(matrix, words === undefined ? {} : { words });
}

function exitOf({ systems, classes }: StackMatrix): number {
  const reached = new Set(
    systems.filter(({ machine }) => machine.notUnderLinux === undefined).map(({ cls }) => cls),
  );
  const cells = classes.filter((cls) => reached.has(cls)).flatMap((cls) => cls.cells);
  const faults = cells.filter(({ word }) => FAULTS.has(word));
  if (faults.some(({ latent }) => latent === false)) return EXIT.findings;
  const cutOff = cells.some(({ truth }) => truth !== undefined && truth.coherent === undefined);
  return cutOff || faults.some(({ latent }) => latent === 'unknown') ? EXIT.bound : EXIT.asExpected;
}

const FAULTS: ReadonlySet<string> = new Set(['LOST', 'STALE', 'FAIL']);

/** The places that --driver, --fs and --option leave. */
function selectPlaces(options: MatrixStackOptions): Result<readonly Place[]> {
  const lists = [
    [options.driver, 'driver', stackDrivers.map(({ id }) => id)],
    [options.fs, 'file system', stackFileSystems],
    [options.option, 'option', stackOptions],
  ] as const;
  const wanted: (ReadonlySet<string> | undefined)[] = [];
  for (const [typed, what, known] of lists) {
    const chosen = selectWordsOf(typed, what, known);
    if (!chosen.ok) return chosen;
    wanted.push(chosen.value);
  }
  const [drivers, files, opts] = wanted;
  return ok(
    stackPlaces.filter(
      ({ driver, fs, option }) =>
        (drivers?.has(driver.id) ?? true) &&
        (files?.has(fs) ?? true) &&
        (opts?.has(option) ?? true),
    ),
  );
}

/** Words with their marks: `STALE` alone means with and without one. */
function selectWords(typed: string | undefined): Result<ReadonlySet<string> | undefined> {
  const bare = [...new Set(severity.map((word) => word.replace(/[*~]$/, '')))];
  const chosen = selectWordsOf(typed, 'verdict', [...new Set([...bare, ...severity])]);
  if (!chosen.ok || chosen.value === undefined) return chosen;
  const wanted = chosen.value;
  const all = severity.filter((word) => wanted.has(word) || wanted.has(word.replace(/[*~]$/, '')));
  return ok(new Set(all));
}

function selectWordsOf(
  typed: string | undefined,
  what: string,
  known: readonly string[],
): Result<ReadonlySet<string> | undefined> {
  if (typed === undefined) return ok(undefined);
  const words = typed
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 0) return fail({ what: `no ${what} is named`, hint: known.join(', ') });
  for (const word of words) {
    if (!known.includes(word)) return unknown(what, word, known);
  }
  return ok(new Set(words));
}

const FILTERS = [
  'kernel',
  'arch',
  'machine',
  'driver',
  'fs',
  'option',
  'verdict',
  'summary',
] as const;

/** One cell by its name. */
function whyCommand(
  name: string,
  options: MatrixStackOptions,
  bounds: Bounds | undefined,
): Result<Answer> {
  const idle = unused(options, FILTERS, '--why');
  if (idle) return idle;
  const named = cellNamed(name);
  if (!named.ok) return named;
  const { machine, kernel, place } = named.value;
  const limits = bounds === undefined ? {} : { bounds };
  const matrix = stackMatrix([machine], [kernel], { places: [place], ...limits });
  // A question is answered, whatever the answer is.
  const exit = EXIT.asExpected;
  if (options.json === true) return ok({ text: jsonText(stackRecord(matrix)), exit });
  const system = at(matrix.systems, 0);
  const cell = at(system.cls.cells, 0);
  const scenario = cell.truth?.shortest?.scenario;
  const program = scenario === undefined ? undefined : scenarioByName(scenario);
  const prevents =
    program === undefined ? [] : remediesThatHelp(program, { model: cacheModelOf(machine) });
  return ok({ text: stackWhyText({ system, cell, prevents }), exit });
}

interface Named {
  readonly machine: Machine;
  readonly kernel: Kernel;
  readonly place: Place;
}

const EXAMPLE = 'arm926ej-s/pmem/ext4/always@6.12';

/** `MACHINE/DRIVER/FS/OPTION@KERNEL`; the id of a machine may hold a slash of its own. */
function cellNamed(name: string): Result<Named> {
  const parts = /^(.+)\/([^/]+)\/([^/]+)\/([^/@]+)@(.+)$/.exec(name);
  if (parts === null) {
    return fail({
      what: `'${name}' is no cell`,
      hint: `MACHINE/DRIVER/FS/OPTION@KERNEL, as in ${EXAMPLE}`,
    });
  }
  const [, id = '', driver = '', fs = '', option = '', kernelId = ''] = parts;
  const kernels = selectKernels(kernelId);
  if (!kernels.ok) return kernels;
  const [kernel, ...more] = kernels.value;
  if (kernel === undefined || more.length > 0) {
    return fail({ what: 'a cell is about one kernel', hint: `as in ${EXAMPLE}` });
  }
  const machine = machines.find((one) => one.id === id);
  if (machine === undefined) {
    return unknown(
      'machine',
      id,
      machines.map((one) => one.id),
    );
  }
  const places = selectPlaces({ driver, fs, option });
  if (!places.ok) return places;
  const [place] = places.value;
  if (place === undefined) {
    const own = stackPlaces.filter((one) => one.driver.id === driver).map(placeText);
    return fail({ what: `${driver} is never used as ${fs}/${option}`, hint: own.join(', ') });
  }
  return ok({ machine, kernel: present(kernel, 'kernel'), place });
}
