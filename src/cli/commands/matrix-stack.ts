// dachs matrix --by stack: machine x kernel x driver x file system x mount option.

import { type Answer, stackAnswer, stackWhyAnswer, SUMMARY_KERNELS } from '../../answer/index.ts';
import { fail, ok, present, type Result } from '../../base/index.ts';
import type { Bounds } from '../../explore/index.ts';
import { type Machine, machines } from '../../hw/index.ts';
import type { Kernel } from '../../kernel/index.ts';
import {
  type Place,
  placeText,
  stackDrivers,
  stackFileSystems,
  stackOptions,
  stackPlaces,
} from '../../matrix/index.ts';
import { severity } from '../../report/index.ts';
import { parseBound } from '../bound.ts';
import { selectKernels, selectMachines, unknown } from '../selection.ts';
import { unused } from '../unused.ts';
import { packageVersion } from '../version.ts';

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
  return ok(
    stackAnswer(
      { machines: chosen.value, kernels: kernels.value, places: places.value },
      {
        bounds: bounds.value,
        form: options.json === true ? 'json' : 'text',
        words: words.value,
        summary: options.summary === true ? packageVersion() : undefined,
      },
    ),
  );
}

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
  return ok(stackWhyAnswer(named.value, { bounds, form: options.json === true ? 'json' : 'text' }));
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
