// dachs kconfig: the configuration of a kernel tree, as the tree's own conf would make it.

import { type Answer, EXIT } from '../../answer/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import {
  type ConfMode,
  confModes,
  type ConfResult,
  cyclesProblem,
  type KconfigModel,
  type KconfigNote,
  type PortConfig,
  presetText,
  type Probability,
  readKconfig,
  runConf,
} from '../../audit/index.ts';
import { readTextFile } from '../../host/index.ts';
import { unknown } from '../selection.ts';
import {
  type KconfigSubject,
  kconfigSubject,
  type KconfigTyped,
  toolchainNotes,
} from './kconfig-subject.ts';

/** Options of `dachs kconfig` as they were typed. */
export interface KconfigOptions extends KconfigTyped {
  readonly mode?: string;
  readonly config?: string;
  readonly allconfig?: string;
  readonly seed?: string;
  readonly probability?: string;
  readonly unknown?: boolean;
}

/** Writes a configuration: every mode of conf that asks nothing. */
export function kconfigCommand(path: string, options: KconfigOptions): Result<Answer> {
  const request = requestOf(options);
  if (!request.ok) return request;
  const subject = kconfigSubject(path, options);
  if (!subject.ok) return subject;
  const { tree, port, profile } = subject.value;
  const model = readKconfig(tree, port, profile);
  if (!model.ok) return model;
  const config = configText(options, presetOf(port, request.value.mode));
  if (!config.ok) return config;
  const result = runConf(model.value, {
    ...request.value,
    ...(config.value === undefined ? {} : { config: config.value.text }),
    warnUnknown: options.unknown ?? false,
  });
  // Like conf, no configuration of a tree whose symbols wait for each other.
  const cycles = result.conf.recursive.size > 0 ? cyclesProblem(model.value) : undefined;
  if (cycles !== undefined) return fail(cycles);
  const file = config.value?.file ?? '';
  return ok({
    text: result.text,
    notes: notesOf(subject.value, model.value, result, { file, options }),
    exit: EXIT.asExpected,
  });
}

interface Request {
  readonly mode: ConfMode;
  readonly seed?: number;
  readonly probability?: Probability;
}

function requestOf(options: KconfigOptions): Result<Request> {
  const typed = options.mode ?? (options.config === undefined ? undefined : 'olddefconfig');
  if (typed === undefined) {
    return fail({
      what: 'it is not said what to do with the tree',
      hint: 'dachs kconfig TREE --arch ARCH --mode allyesconfig, or --config FILE',
    });
  }
  const mode = confModes.find((one) => one === typed || one === `${typed}config`);
  if (mode === undefined) return unknown('mode', typed, confModes);
  const starts = ['defconfig', 'olddefconfig', 'savedefconfig'].includes(mode);
  if ((starts || /^(yes|mod)2/.test(mode)) && options.config === undefined) {
    return fail({ what: `${mode} needs a configuration to start from`, hint: 'add --config FILE' });
  }
  const seed = seedOf(options.seed);
  if (!seed.ok) return seed;
  const probability = probabilityOf(options.probability);
  if (!probability.ok) return probability;
  return ok({
    mode,
    ...(seed.value === undefined ? {} : { seed: seed.value }),
    ...(probability.value === undefined ? {} : { probability: probability.value }),
  });
}

function seedOf(typed: string | undefined): Result<number | undefined> {
  if (typed === undefined) return ok(undefined);
  const seed = /^(0[xX][0-9a-fA-F]{1,8}|[0-9]{1,10})$/.test(typed) ? Number(typed) : -1;
  if (seed >= 0 && seed < 2 ** 32) return ok(seed);
  return fail({
    what: `--seed ${typed} is no seed`,
    hint: 'a number from 0 to 4294967295, or in hex with 0x',
  });
}

// As KCONFIG_PROBABILITY: one, two or three numbers of per cent, joined by colons.
function probabilityOf(typed: string | undefined): Result<Probability | undefined> {
  if (typed === undefined) return ok(undefined);
  const numbers = typed.split(':').map((word) => (/^[0-9]{1,3}$/.test(word) ? Number(word) : 101));
  const [a = 0, b = 0, c = 0] = numbers;
  const known =
    numbers.length === 1
      ? { boolY: a, triY: a - Math.floor(a / 2), triM: Math.floor(a / 2) }
      : numbers.length === 2
        ? { boolY: a + b, triY: a, triM: b }
        : { boolY: a, triY: b, triM: c };
  const fits = numbers.length <= 3 && numbers.every((one) => one <= 100);
  if (fits && known.triY + known.triM <= 100) return ok(known);
  return fail({
    what: `--probability ${typed} is not understood`,
    hint: 'per cent as y, as y:m of tristates, or as y of bools:y:m; at most 100 together',
  });
}

// A port with a preset answers that first; what --allconfig says later counts.
function presetOf(port: PortConfig, mode: ConfMode): string {
  return mode.startsWith('all') || mode === 'randconfig' ? presetText(port.preset) : '';
}

function configText(
  options: KconfigOptions,
  preset: string,
): Result<{ readonly file: string; readonly text: string } | undefined> {
  const file = options.config ?? options.allconfig;
  if (file === undefined) return ok(preset === '' ? undefined : { file: 'preset', text: preset });
  if (options.config !== undefined && options.allconfig !== undefined) {
    return fail({
      what: '--config and --allconfig are both given',
      hint: '--allconfig is for the all modes and randconfig, --config for the others',
    });
  }
  const text = readTextFile(file, 'configuration', 'give a .config, a defconfig or a fragment');
  if (!text.ok) return text;
  if (text.value.includes('\0')) {
    return fail({ what: 'the configuration is no text: it has a NUL byte', where: file });
  }
  return ok({ file, text: preset + text.value });
}

function noteLine({ kind, file, line, text }: KconfigNote): string {
  if (kind === 'info') return text;
  return `${file}:${line}:${kind === 'warning' ? ' warning:' : ''} ${text}`;
}

function notesOf(
  { profile }: KconfigSubject,
  model: KconfigModel,
  { reading }: ConfResult,
  { file, options }: { readonly file: string; readonly options: KconfigOptions },
): readonly string[] {
  const warnings = reading?.warnings ?? [];
  const notes = [
    ...model.notes.map(noteLine),
    ...warnings.map(({ line, text }) => `${file}:${line}: warning: ${text}`),
  ];
  notes.push(...toolchainNotes(model.assumptions, profile.name, options));
  const unknownNames = reading?.unknown ?? [];
  if (unknownNames.length > 0 && !options.unknown) {
    notes.push(`${file}: ${unknownNames.length} names that no Kconfig file mentions (--unknown)`);
  }
  return notes;
}
