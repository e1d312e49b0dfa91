// A whole run of conf: the command line, the Kconfig files, the questions, what is written.
// @source scripts/kconfig/conf.c main() v6.1, v6.12

import { never, ok } from '../../../base/index.ts';
import { missingFile } from '../../tree.ts';
import type { SourceTree } from '../../tree.ts';
import { conf_rewrite_tristates, conf_set_all_new_symbols } from '../conf/modes.ts';
import { withConf } from '../conf/open.ts';
import { createRand } from '../conf/rand.ts';
import { ConfState } from '../conf/state.ts';
import type { Rewritten } from '../conf/state.ts';
import { sym_calc_value } from '../conf/symbol.ts';
import { conf_write_defconfig } from '../conf/write-config.ts';
import { Stop } from '../lines.ts';
import type { KconfigModel, KconfigNote } from '../model.ts';
import { rewrittenOf } from './rewritten.ts';
import { shellText } from '../profile.ts';
import { releaseOf } from '../release.ts';
import type { Release } from '../release.ts';
import { Questions, Quit } from './ask.ts';
import { conf_write_autoconf } from './autoconf.ts';
import { checkTree } from './check-tree.ts';
import { readAllconfig, readConfig } from './config-files.ts';
import type { RunContext } from './config-files.ts';
import type { HelpSource } from './help.ts';
import { TooLarge } from './host.ts';
import type { ConfHost } from './host.ts';
import { menu_finalize } from './menu-tree.ts';
import { parseOptions, rulesNamed, usage } from './options.ts';
import type { ConfOptions } from './options.ts';
import { parseAll } from './parser.ts';
import type { Parsed } from './parser.ts';
import { probabilityOf, seedOf } from './random.ts';
import { saveConfig } from './save.ts';
import { Simplifier } from './simplify.ts';
import { Terminal } from './terminal.ts';
import type { Asking, Said } from './terminal.ts';
import { sym_warn_unmet_dep } from './unmet.ts';

/** How a run ended: its exit status, and what is still to be said. */
export interface Ended extends Said {
  readonly status: number;
}

/** Runs conf with the arguments behind its name. */
export function* runFront(args: readonly string[], host: ConfHost): Asking<Ended> {
  const terminal = new Terminal(!host.isTerminal);
  let status = 1;
  try {
    status = yield* main(parseOptions(args, host.program), host, terminal);
  } catch (error) {
    if (error instanceof Stop) {
      const { where, what } = error.problem;
      terminal.complain(`${where === undefined ? '' : `${where}: `}${what}\n`);
    } else if (error instanceof TooLarge) terminal.complain(`${error.message}\n`);
    else if (!(error instanceof Quit)) throw error;
  }
  return { status, ...terminal.take() };
}

function* main(options: ConfOptions, host: ConfHost, terminal: Terminal): Asking<number> {
  for (const complaint of options.complaints) terminal.complain(`${complaint}\n`);
  if (options.wantsHelp) {
    terminal.print(usage(host.program));
    return 1;
  }
  let seed = 0;
  if (options.mode === 'randconfig') {
    seed = seedOf(host);
    terminal.print(`KCONFIG_SEED=0x${seed.toString(16).toUpperCase()}\n`);
  }
  if (options.kconfig === undefined) {
    terminal.complain(`${host.program}: Kconfig file missing\n`);
    terminal.print(usage(host.program));
    return 1;
  }
  const opened = openKconfig(options.kconfig, options, host, terminal);
  if (opened === undefined) return 1;
  const context: RunContext = { ...opened, options, host, terminal };
  if (!readAnswers(context)) return 1;
  const { conf } = context;
  const isStrict = host.environment['KCONFIG_WERROR'] !== undefined;
  if (isStrict && conf.warnings > 0) return 1;
  const { mode } = options;
  const noUpdate = (host.environment['KCONFIG_NOSILENTUPDATE'] ?? '') !== '';
  if (mode === 'syncconfig' && noUpdate && conf.changed) {
    terminal.complain('\n*** The configuration requires explicit update.\n\n');
    return 1;
  }
  const isAnswered = yield* answer(context, seed);
  if (!isAnswered) return 1;
  if (isStrict && context.unmet.count > 0) return 1;
  return save(context, mode === 'syncconfig' && noUpdate);
}

type Opened = Pick<RunContext, 'conf' | 'source' | 'unmet' | 'parsed' | 'open'>;

// Reads the Kconfig files; undefined where they are refused.
function openKconfig(
  name: string,
  options: ConfOptions,
  host: ConfHost,
  terminal: Terminal,
): Opened | undefined {
  const open = openerOf(host);
  const { choiceRules, version } = releaseIn(host);
  const named = rulesNamed(host.environment['DACHS_KCONFIG_RULES'] ?? '');
  const parsed = parseAll(name, {
    rules: options.rules ?? named ?? choiceRules,
    version,
    environment: host.environment,
    profile: shellProfile(host),
    read: open,
    listener: { note: (note) => printNote(note, terminal) },
  });
  if (parsed.hasErrors) return undefined;
  const source = finish(parsed, terminal);
  const faults = checkTree(source.tree);
  for (const text of faults) terminal.complain(text);
  if (faults.length > 0) return undefined;
  const conf = openConf(parsed.model, rewrittenOf(source.tree));
  const unmet = { count: 0 };
  conf.unmet = (id) => {
    unmet.count += 1;
    terminal.complain(sym_warn_unmet_dep(conf, source.tree, id));
  };
  return { conf, source, unmet, parsed, open };
}

function finish({ model, helps }: Parsed, terminal: Terminal): HelpSource {
  const tree = menu_finalize(model, {
    say: (line) => terminal.print(`${line}\n`),
    warn: ({ file, line }, text) => terminal.complain(`${file}:${line}:warning: ${text}\n`),
  });
  const simplifier = new Simplifier(tree.context);
  return { tree, helps, simplifier };
}

// Symbols that wait for each other in very long chains are calculated in the order of the chain.
function openConf(model: KconfigModel, rewritten: Rewritten): ConfState {
  const order = withConf(model, (probe) => {
    for (const id of model.types.keys()) sym_calc_value(probe, id);
    return probe.calculationOrder;
  });
  const conf = new ConfState(model);
  conf.rewritten = rewritten;
  if (order === undefined) return conf;
  conf.calculationOrder = order;
  conf.limit = Number.POSITIVE_INFINITY;
  return conf;
}

function printNote({ kind, file, line, text }: KconfigNote, terminal: Terminal): void {
  switch (kind) {
    case 'info':
      return terminal.print(`${text}\n`);
    case 'message':
      return terminal.complain(`${file}:${line}: ${text}\n`);
    case 'warning':
      return terminal.complain(`${file}:${line}:warning: ${text}\n`);
    case 'ours':
      return;
    default:
      never(kind, 'note');
  }
}

// As conf looks for files: here, and then in $srctree.
function openerOf({ read, environment }: ConfHost): (name: string) => string | undefined {
  const folder = environment['srctree'];
  return (name) => {
    const text = read(name);
    if (text !== undefined || name.startsWith('/') || folder === undefined) return text;
    return read(`${folder}/${name}`);
  };
}

function releaseIn(host: ConfHost): Release {
  const makefile = host.read(`${host.environment['srctree'] ?? '.'}/Makefile`);
  const tree: SourceTree = {
    name: 'srctree',
    read: (path) => (makefile === undefined ? missingFile(path) : ok(makefile)),
    list: () => undefined,
    filesContaining: () => [],
    search: () => new Map(),
  };
  return releaseOf(tree);
}

function shellProfile(host: ConfHost): Parameters<typeof parseAll>[1]['profile'] {
  return {
    name: 'shell',
    title: 'the shell of this machine',
    outputs: [],
    settled: [],
    succeeds: false,
    ask: (command) => shellText(host.shell(command)),
  };
}

// Reads the configuration that the run starts from; false where it is needed and not there.
function readAnswers(context: RunContext): boolean {
  const { options, terminal } = context;
  switch (options.mode) {
    case 'defconfig':
      if (readConfig(context, options.file)) return true;
      terminal.complain(`***\n*** Can't find default configuration "${options.file}"!\n***\n`);
      return false;
    case 'allnoconfig':
    case 'allyesconfig':
    case 'allmodconfig':
    case 'alldefconfig':
    case 'randconfig':
      return readAllconfig(context);
    default:
      readConfig(context, undefined);
      return true;
  }
}

// Answers what the mode has answered; false where the environment does not allow it.
function* answer(context: RunContext, seed: number): Asking<boolean> {
  const { conf, source, terminal, host, options } = context;
  const { mode } = options;
  switch (mode) {
    case 'allnoconfig':
      conf_set_all_new_symbols(conf, 'no');
      return true;
    case 'allyesconfig':
      conf_set_all_new_symbols(conf, 'yes');
      return true;
    case 'allmodconfig':
      conf_set_all_new_symbols(conf, 'mod');
      return true;
    case 'alldefconfig':
    case 'defconfig':
      conf_set_all_new_symbols(conf, 'default');
      return true;
    case 'randconfig': {
      const probability = probabilityOf(host.environment['KCONFIG_PROBABILITY'] ?? '');
      if (probability === undefined) {
        terminal.complain('KCONFIG_PROBABILITY: Numerical result out of range\n');
        return false;
      }
      conf_set_all_new_symbols(conf, 'random', { rand: createRand(seed), probability });
      return true;
    }
    case 'yes2modconfig':
      conf_rewrite_tristates(conf, 2, 1);
      return true;
    case 'mod2yesconfig':
      conf_rewrite_tristates(conf, 1, 2);
      return true;
    case 'mod2noconfig':
      conf_rewrite_tristates(conf, 1, 0);
      return true;
    case 'oldaskconfig':
    case 'oldconfig':
    case 'syncconfig':
    case 'listnewconfig':
    case 'helpnewconfig':
      yield* new Questions(conf, source, terminal, mode).run();
      return true;
    case 'savedefconfig':
    case 'olddefconfig':
      return true;
    default:
      return never(mode, 'mode');
  }
}

function save(context: RunContext, isLeft: boolean): number {
  const { conf, host, terminal, options } = context;
  const { mode, file } = options;
  if (mode === 'listnewconfig' || mode === 'helpnewconfig') return 0;
  if (mode === 'savedefconfig') {
    if (host.write(file, conf_write_defconfig(conf))) return 0;
    terminal.complain(`n*** Error while saving defconfig to: ${file}\n\n`);
    return 1;
  }
  if (!isLeft && !saveConfig(context)) {
    terminal.complain('\n*** Error during writing of the configuration.\n\n');
    return 1;
  }
  const isSync = mode === 'syncconfig';
  if (conf_write_autoconf(context, isSync) || !isSync) return 0;
  terminal.complain('\n*** Error during sync of the configuration.\n\n');
  return 1;
}
