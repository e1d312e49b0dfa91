// The command line: reads what was typed, runs one command, writes its answer, sets the exit
// status.

import { readFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import { InvariantError, type Result } from '../base/index.ts';
import { WIDTH } from '../report/index.ts';
import type { Answer } from './commands/answer.ts';
import { auditCommand } from './commands/audit.ts';
import { explainCommand } from './commands/explain.ts';
import { listCommand } from './commands/list.ts';
import { matrixCommand } from './commands/matrix.ts';
import { EXIT, problemText, unwritten, writeAnswer } from './output.ts';

/** Runs the program with the arguments after its name; resolves to the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  process.once('SIGINT', () => interrupted());
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader went away (`dachs matrix | head`): nothing is left to say.
    if (error.code === 'EPIPE') process.exit(EXIT.asExpected);
    process.stderr.write(problemText(unwritten(error)));
    process.exit(EXIT.input);
  });
  try {
    let exit: number = EXIT.asExpected;
    const program = commands((status) => {
      exit = status;
    });
    await program.parseAsync([...args], { from: 'user' });
    return exit;
  } catch (error) {
    return failure(error);
  }
}

function interrupted(): never {
  // A terminal gets its cursor back, which the progress bar hides.
  const cursor = process.stderr.isTTY ? '\x1b[?25h\n' : '';
  process.stderr.write(`${cursor}dachs: interrupted; nothing was written\n`);
  process.exit(EXIT.interrupted);
}

function failure(error: unknown): number {
  if (error instanceof CommanderError) {
    const shown = ['commander.help', 'commander.helpDisplayed', 'commander.version'];
    return shown.includes(error.code) && error.exitCode === 0 ? EXIT.asExpected : EXIT.input;
  }
  const what =
    error instanceof InvariantError ? 'an invariant of Dachs does not hold' : 'a fault of Dachs';
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    `dachs: ${what}: ${reason}\n` +
      '  hint: please report this line, the command and `dachs --version`; ' +
      'DACHS_DEBUG=1 adds the stack\n',
  );
  if (process.env['DACHS_DEBUG'] && error instanceof Error)
    process.stderr.write(`${error.stack}\n`);
  return EXIT.ours;
}

type Typed = Record<string, string | boolean | undefined>;

function commands(setExit: (status: number) => void): Command {
  const program = new Command('dachs')
    .description(
      'DAX on CPU caches that alias: can it be built, what does the kernel believe, what is true',
    )
    .version(packageVersion())
    .showSuggestionAfterError()
    .showHelpAfterError('  hint: dachs --help, and dachs COMMAND --help')
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error:/, 'dachs:')),
      getOutHelpWidth: () => WIDTH,
      getErrHelpWidth: () => WIDTH,
    })
    .exitOverride();
  const finish = (result: Result<Answer>, output: string | undefined): void => {
    setExit(conclude(result, output));
  };
  addMatrix(program, finish);
  addAudit(program, finish);
  addExplain(program, finish);
  addList(program, finish);
  return program;
}

type Finish = (result: Result<Answer>, output: string | undefined) => void;

function conclude(result: Result<Answer>, output: string | undefined): number {
  if (!result.ok) {
    process.stderr.write(problemText(result.problem));
    return EXIT.input;
  }
  const written = writeAnswer(result.value.text, output);
  if (written.ok) return result.value.exit;
  process.stderr.write(problemText(written.problem));
  return EXIT.input;
}

function addMatrix(program: Command, finish: Finish): void {
  program
    .command('matrix')
    .description('architectures and CPUs under kernels, judged by exploration')
    .addOption(
      new Option('--by <what>', 'what to tabulate')
        .choices(['cpus', 'scenarios', 'remedies'])
        .default('cpus'),
    )
    .option('--kernel <ids>', 'kernels, comma separated, or fact files; "all" (default: 6.1,6.12)')
    .option('--arch <names>', 'only these architectures')
    .option('--machine <ids>', 'only these machines')
    .option('--bound <states>', 'states of one search, at most')
    .option('--json', 'the record instead of text')
    .option('-o, --output <file>', 'write the answer to a file')
    .action((options: Typed & { by: 'cpus' }) =>
      finish(matrixCommand(options), textOption(options['output'])),
    );
}

function addAudit(program: Command, finish: Finish): void {
  program
    .command('audit <tree>')
    .description('facts and findings of a kernel source tree')
    .option('--types <types>', 'only findings of these types, comma separated')
    .option('--ignore <types>', 'leave out findings of these types')
    .option('--facts', 'write the facts as a kernel file for --kernel')
    .option('--id <id>', 'id of the kernel in its facts (default: the release)')
    .option(
      '--profile <name>',
      'answers to toolchain questions: optimistic, pessimistic',
      'optimistic',
    )
    .option('-q, --quiet', 'no progress')
    .option('-v, --verbose', 'every note of every finding')
    .option('--terse', 'findings and the summary alone')
    .option('--json', 'the record instead of text')
    .option('-o, --output <file>', 'write the answer to a file')
    .action(async (tree: string, options: Typed & { profile: string }) =>
      finish(await auditCommand(tree, options), textOption(options['output'])),
    );
}

function addExplain(program: Command, finish: Finish): void {
  program
    .command('explain <subject>')
    .description('a scenario (L1), a cell (turbosparc@6.12), a finding type, a remedy, a finding')
    .option('--kernel <ids>', 'kernels of a cell (default: 6.12)')
    .option('--machine <id>', 'machine of a scenario (default: arm1176-32k)')
    .option('--remedy <name>', 'remedy of a scenario (default: none)')
    .option('--replay <steps>', 'run exactly these steps of a scenario')
    .option('--audit <file>', 'a saved `dachs audit --json`: explain its findings by type or place')
    .option('--bound <states>', 'states of one search, at most')
    .option('--json', 'the record instead of text')
    .option('-o, --output <file>', 'write the answer to a file')
    .action((subject: string, options: Typed) =>
      finish(explainCommand(subject, options), textOption(options['output'])),
    );
}

function addList(program: Command, finish: Finish): void {
  program
    .command('list [what]')
    .description('machines, kernels, scenarios, remedies, types, ports')
    .option('--json', 'the record instead of text')
    .option('-o, --output <file>', 'write the answer to a file')
    .action((what: string | undefined, options: Typed) =>
      finish(listCommand(what, options), textOption(options['output'])),
    );
}

function textOption(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return /"version": "([^"]+)"/.exec(text)?.[1] ?? 'unknown';
}
