// The options of dachs kconfig, and which of its commands they mean.

import type { Command } from 'commander';
import type { Answer } from '../answer/index.ts';
import { fail, type Result } from '../base/index.ts';

/** Writes an answer, to a file where one is named. */
type Finish = (result: Result<Answer>, output: string | undefined) => void;

/** The options as they were typed. */
interface Typed {
  readonly arch?: string;
  readonly want?: readonly string[];
  readonly and?: readonly string[];
  readonly diff?: boolean;
  readonly symbols?: string;
  readonly mode?: string;
  readonly config?: string;
  readonly allconfig?: string;
  readonly seed?: string;
  readonly probability?: string;
  readonly unknown?: boolean;
  readonly profile: string;
  readonly assumed?: boolean;
  readonly probe?: boolean;
  readonly cross?: string;
  readonly quiet?: boolean;
  readonly json?: boolean;
  readonly output?: string;
}

/** Adds `dachs kconfig`. */
export function addKconfig(program: Command, finish: Finish): void {
  program
    .command('kconfig <tree...>')
    .description('what a kernel tree can be configured to be, and why not; configurations')
    .option('--arch <name>', 'as for make ARCH=, or a port (default of --want: all)')
    .option('--want <NAME=y>', 'can it be so? with the answers needed, or the reason', listed)
    .option('--and <NAME=y>', 'and this at once', listed)
    .option('--diff', 'of two trees: what can be built in one and not in the other')
    .option('--symbols <names>', 'of --diff, comma separated, * for any letters')
    .option('--mode <mode>', 'write a configuration: allyesconfig, defconfig, randconfig, ...')
    .option('--config <file>', 'a .config or defconfig to start from (mode: olddefconfig)')
    .option('--allconfig <file>', 'answers that an all mode takes first (KCONFIG_ALLCONFIG)')
    .option('--seed <number>', 'of randconfig (KCONFIG_SEED)')
    .option('--probability <y:m>', 'of randconfig, per cent (KCONFIG_PROBABILITY)')
    .option('--unknown', 'warn about names in a configuration that the tree does not know')
    .option(
      '--profile <name>',
      'answers to toolchain questions: optimistic, pessimistic, gcc-12, a file',
      'optimistic',
    )
    .option('--assumed', 'list what was assumed about the toolchain')
    .option('--probe', 'run the toolchain with all that the tree asks of it: a profile')
    .option('--cross <prefix>', 'of the toolchain that is probed, e.g. arm-linux-gnueabi-')
    .option('-q, --quiet', 'no progress')
    .option('--json', 'the record instead of text, of --want and --diff')
    .option('-o, --output <file>', 'write the answer to a file')
    .action(async (trees: readonly string[], options: Typed) => {
      finish(await answer(trees, options), options.output);
    });
}

async function answer(trees: readonly string[], options: Typed): Promise<Result<Answer>> {
  const [tree = '', other, third] = trees;
  const surplus = options.diff ? third : other;
  if (surplus !== undefined) {
    const hint = options.diff ? '--diff compares two' : 'two trees are for --diff';
    return fail({ what: `one tree too many: ${surplus}`, hint });
  }
  const { want, and = [], ...rest } = options;
  if (options.probe) {
    const { kconfigProbeCommand } = await import('./commands/kconfig-probe.ts');
    return kconfigProbeCommand(tree, rest);
  }
  if (want !== undefined || and.length > 0) {
    const { kconfigWantCommand } = await import('./commands/kconfig-want.ts');
    return kconfigWantCommand(tree, { ...rest, want: [...(want ?? []), ...and] });
  }
  if (options.diff) {
    const { kconfigDiffCommand } = await import('./commands/kconfig-diff.ts');
    return kconfigDiffCommand(tree, other, rest);
  }
  const { kconfigCommand } = await import('./commands/kconfig.ts');
  return kconfigCommand(tree, rest);
}

function listed(word: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), word];
}
