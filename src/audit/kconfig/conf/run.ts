// Whole runs of conf without questions: make allyesconfig, defconfig, olddefconfig and the rest.
// @source scripts/kconfig/conf.c main() v6.1, v6.12

import type { KconfigModel } from '../model.ts';
import { conf_rewrite_tristates, conf_set_all_new_symbols, evenChances } from './modes.ts';
import type { Probability } from './modes.ts';
import { withConf } from './open.ts';
import { createRand } from './rand.ts';
import { conf_read, conf_read_simple } from './read-config.ts';
import type { ConfigReading } from './read-config.ts';
import type { ConfState } from './state.ts';
import { conf_write, conf_write_defconfig } from './write-config.ts';

/** What conf can do without asking, by the name of its option. */
export const confModes = [
  'allyesconfig',
  'allnoconfig',
  'allmodconfig',
  'alldefconfig',
  'randconfig',
  'defconfig',
  'olddefconfig',
  'yes2modconfig',
  'mod2yesconfig',
  'mod2noconfig',
  'savedefconfig',
] as const;

/** The name of a mode. */
export type ConfMode = (typeof confModes)[number];

/** What a run starts from. */
export interface ConfRequest {
  readonly mode: ConfMode;
  /**
   * Text of the .config or defconfig file, or for the `all` modes and randconfig of the fragment
   * that KCONFIG_ALLCONFIG names; absent: there is none.
   */
  readonly config?: string;
  /** For randconfig, KCONFIG_SEED; 0 where absent. */
  readonly seed?: number;
  readonly probability?: Probability;
  /** Warn about names that no Kconfig file mentions (KCONFIG_WARN_UNKNOWN_SYMBOLS). */
  readonly warnUnknown?: boolean;
}

/** A configuration, and the text of it. */
export interface ConfResult {
  readonly conf: ConfState;
  readonly text: string;
  /** What was odd in `config`; absent where none was given. */
  readonly reading?: ConfigReading;
}

/** Runs one mode. */
export function runConf(model: KconfigModel, request: ConfRequest): ConfResult {
  return withConf(model, (conf) => {
    const reading = readAnswers(conf, request);
    answerRest(conf, request);
    const text = request.mode === 'savedefconfig' ? conf_write_defconfig(conf) : conf_write(conf);
    return { conf, text, ...(reading === undefined ? {} : { reading }) };
  });
}

/** Takes the answers that a run starts from. */
export function readAnswers(conf: ConfState, request: ConfRequest): ConfigReading | undefined {
  const { config } = request;
  if (config === undefined) return undefined;
  const isFragment = request.mode.startsWith('all') || request.mode === 'randconfig';
  const options = { warnUnknown: request.warnUnknown ?? false };
  return isFragment ? conf_read_simple(conf, config, options) : conf_read(conf, config, options);
}

/** Answers what is left to answer, as the mode has it. */
export function answerRest(conf: ConfState, request: ConfRequest): void {
  switch (request.mode) {
    case 'allyesconfig':
      return conf_set_all_new_symbols(conf, 'yes');
    case 'allmodconfig':
      return conf_set_all_new_symbols(conf, 'mod');
    case 'allnoconfig':
      return conf_set_all_new_symbols(conf, 'no');
    case 'alldefconfig':
    case 'defconfig':
      return conf_set_all_new_symbols(conf, 'default');
    case 'randconfig': {
      const { probability = evenChances, seed = 0 } = request;
      return conf_set_all_new_symbols(conf, 'random', { rand: createRand(seed), probability });
    }
    case 'yes2modconfig':
      return conf_rewrite_tristates(conf, 2, 1);
    case 'mod2yesconfig':
      return conf_rewrite_tristates(conf, 1, 2);
    case 'mod2noconfig':
      return conf_rewrite_tristates(conf, 1, 0);
    case 'olddefconfig':
    case 'savedefconfig':
      return undefined;
  }
}
