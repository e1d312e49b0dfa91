// The configuration files that a run starts from.
// @source scripts/kconfig/confdata.c conf_read(), conf_read_simple(), conf.c main() v6.1, v6.12

import { conf_read, conf_read_simple } from '../conf/read-config.ts';
import type { ReadOptions } from '../conf/read-config.ts';
import type { ConfState } from '../conf/state.ts';
import { sym_calc_value } from '../conf/symbol.ts';
import type { HelpSource } from './help.ts';
import type { ConfHost } from './host.ts';
import type { ConfOptions } from './options.ts';
import type { Parsed } from './parser.ts';
import type { Terminal } from './terminal.ts';

/** All that one run works with. */
export interface RunContext {
  readonly conf: ConfState;
  readonly source: HelpSource;
  readonly parsed: Parsed;
  readonly options: ConfOptions;
  readonly host: ConfHost;
  readonly terminal: Terminal;
  /** Warnings about dependencies that are not met, so far. */
  readonly unmet: { count: number };
  /** Text of a file, here or in $srctree. */
  readonly open: (name: string) => string | undefined;
}

/** A message between two lines of `#`, unless conf is silent. */
export function conf_message({ options, terminal }: RunContext, text: string): void {
  if (!options.isSilent) terminal.print(`#\n# ${text}\n#\n`);
}

/** The name of the configuration file. */
export function conf_get_configname({ environment }: ConfHost): string {
  return environment['KCONFIG_CONFIG'] ?? '.config';
}

/** Reads a file, or the configuration file and what stands in for it; false where none is there. */
export function readConfig(context: RunContext, file: string | undefined): boolean {
  const { conf, open } = context;
  conf.changed = false;
  let name = file ?? conf_get_configname(context.host);
  let text = open(name);
  if (text === undefined && file === undefined) {
    conf.changed = true;
    name = standIn(context) ?? '';
    text = name === '' ? undefined : open(name);
    if (text !== undefined) conf_message(context, `using defaults found in ${name}`);
  }
  if (text === undefined) {
    const { modules } = conf.model;
    if (modules !== undefined) sym_calc_value(conf, modules);
    return false;
  }
  const { changed } = conf;
  conf_read(conf, text, reading(context, name));
  conf.changed ||= changed;
  return true;
}

// The first file of KCONFIG_DEFCONFIG_LIST that is there.
function standIn({ host, open }: RunContext): string | undefined {
  const list = host.environment['KCONFIG_DEFCONFIG_LIST'] ?? '';
  return list.split(/[ \t\n\v\f\r]+/).find((name) => name !== '' && open(name) !== undefined);
}

function reading({ host, terminal }: RunContext, name: string): ReadOptions {
  return {
    warnUnknown: host.environment['KCONFIG_WARN_UNKNOWN_SYMBOLS'] !== undefined,
    warn: ({ line, text }) => terminal.complain(`${name}:${line}:warning: ${text}\n`),
  };
}

/** Reads what KCONFIG_ALLCONFIG names; false where that is not there. */
export function readAllconfig(context: RunContext): boolean {
  const { host, terminal, options } = context;
  const given = host.environment['KCONFIG_ALLCONFIG'];
  if (given === undefined) return true;
  if (given !== '' && given !== '1') {
    if (take(context, given)) return true;
    terminal.complain(`*** Can't read seed configuration "${given}"!\n`);
    return false;
  }
  const kind = options.mode === 'randconfig' ? 'allrandom' : options.mode.replace(/config$/, '');
  const own = `${kind}.config`;
  if (take(context, own) || take(context, 'all.config')) return true;
  terminal.complain(`*** KCONFIG_ALLCONFIG set, but no "${own}" or "all.config" file found\n`);
  return false;
}

function take(context: RunContext, name: string): boolean {
  const text = context.open(name);
  if (text === undefined) return false;
  conf_read_simple(context.conf, text, reading(context, name));
  return true;
}
