// The command line: reads what was typed, runs one command, writes its answer, sets the exit
// status. Each command is loaded when it is called: an answer must not wait for the others.

import { Command, CommanderError, Option } from 'commander';
import { noteText, problemText } from '../report/index.ts';
import { type Answer, EXIT } from '../answer/index.ts';
import { InvariantError, type Result } from '../base/index.ts';
import { addKconfig } from './kconfig-options.ts';
import { unwritten, writeAnswer } from './output.ts';
import { packageVersion } from './version.ts';

/** Runs the program with the arguments after its name; resolves to the exit status. */
export async function main(args: readonly string[]): Promise<number> {
  process.once('SIGINT', () => interrupted());
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader went away (`dachs matrix | head`): nothing is left to say.
    if (error.code === 'EPIPE') process.exit(EXIT.asExpected);
    process.stderr.write(problemText(unwritten(error)));
    process.exit(EXIT.input);
  });
  // Nobody reads the complaints: the exit status still tells.
  process.stderr.on('error', () => undefined);
  try {
    // Its arguments are conf's own.
    if (args[0] === 'conf') {
      const { confCommand } = await import('./commands/conf.ts');
      return confCommand(args.slice(1));
    }
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

/** Columns of help texts; report has the same figure, but help must not wait for that room. */
const WIDTH = 72;

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
  addKconfig(program, finish);
  addRun(program, finish);
  addReplay(program, finish);
  addShell(program, finish);
  addFmt(program, setExit);
  addExport(program, finish);
  addExplain(program, finish);
  addList(program, finish);
  addServe(program, finish);
  return program;
}

type Finish = (result: Result<Answer>, output: string | undefined) => void;

function conclude(result: Result<Answer>, output: string | undefined): number {
  if (!result.ok) {
    process.stderr.write(problemText(result.problem));
    return EXIT.input;
  }
  for (const note of result.value.notes ?? []) process.stderr.write(noteText(note));
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
        .choices(['cpus', 'stack', 'icache', 'designs', 'scenarios', 'remedies'])
        .default('cpus'),
    )
    .option(
      '--kernel <ids>',
      'kernels, comma separated, or fact files; "all" (default: 6.1,6.12; of stack: all)',
    )
    .option('--arch <names>', 'only these architectures')
    .option('--machine <ids>', 'only these machines')
    .option('--series <id>', 'attach in every state of a series: v3, v4, v5, v6, releases')
    .option('--driver <names>', 'stack: only these drivers')
    .option('--fs <names>', 'stack: only these file systems')
    .option('--option <names>', 'stack: only these options of mount')
    .option('--verdict <words>', 'stack: where these words stand')
    .option('--summary', 'stack: a text for a mail')
    .option('--why <cell>', 'of a series: STATE:DRIVER; of stack: MACHINE/DRIVER/FS/OPTION@KERNEL')
    .option('--bound <states>', 'states of one search, at most')
    .option('--json', 'the record instead of text')
    .option('-o, --output <file>', 'write the answer to a file')
    .action(async (options: Typed & { by: 'cpus' | 'stack' | 'icache' | 'designs' }) => {
      const isCell = options['why'] !== undefined && options.by === 'cpus';
      if (options['series'] !== undefined || isCell) {
        const { matrixSeriesCommand } = await import('./commands/matrix-series.ts');
        finish(matrixSeriesCommand(options), textOption(options['output']));
        return;
      }
      const { by, ...rest } = options;
      if (by === 'icache') {
        const { matrixIcacheCommand } = await import('./commands/matrix-icache.ts');
        finish(matrixIcacheCommand(rest), textOption(options['output']));
        return;
      }
      if (by === 'designs') {
        const { matrixDesignsCommand } = await import('./commands/matrix-designs.ts');
        finish(await matrixDesignsCommand(rest), textOption(options['output']));
        return;
      }
      if (by === 'stack') {
        const { matrixStackCommand } = await import('./commands/matrix-stack.ts');
        finish(matrixStackCommand(rest), textOption(options['output']));
        return;
      }
      const { matrixCommand } = await import('./commands/matrix.ts');
      finish(matrixCommand({ ...rest, by }), textOption(options['output']));
    });
}

function addAudit(program: Command, finish: Finish): void {
  program
    .command('audit <tree>')
    .description('facts and findings of a kernel source tree')
    .option('--types <types>', 'only findings of these types, comma separated; LEAK*', listed)
    .option('--ignore <types>', 'leave out findings of these types', listed)
    .option('--baseline <file>', 'leave out findings that the file names')
    .option('--write-baseline <file>', 'write the findings to a file for --baseline')
    .option('--facts', 'write the facts as a kernel file for --kernel')
    .option('--id <id>', 'id of the kernel in its facts (default: the release)')
    .option('--errptr', 'error pointers instead: all functions that return them, all callers')
    .option('-j, --jobs <count>', 'with --errptr: threads (default: one for each processor)')
    .option(
      '--profile <names>',
      'answers to toolchain questions: optimistic, pessimistic, gcc-12, a file ' +
        '(default: optimistic)',
    )
    .option(
      '--protocol <what>',
      'walk the whole tree by a protocol alone: a name or a file',
      listed,
    )
    .option('-q, --quiet', 'no progress')
    .option('-v, --verbose', 'every note of every finding, paths too')
    .option('--terse', 'findings and the summary alone')
    .addOption(
      new Option('--format <form>', 'form of the answer').choices(['text', 'json', 'sarif']),
    )
    .option('--json', 'the record: --format json')
    .option('-o, --output <file>', 'write the answer to a file')
    .action(async (tree: string, options: Typed) => {
      const { auditCommand } = await import('./commands/audit.ts');
      finish(await auditCommand(tree, options), textOption(options['output']));
    });
}

function addRun(program: Command, finish: Finish): void {
  program
    .command('run [tests...]')
    .description('litmus tests: names, shelves, files, folders, - for stdin; all of the catalogue')
    .option('--machine <ids>', 'machines or cache kinds, comma separated (default: all)')
    .option('--arch <names>', 'only machines of these architectures')
    .option('--kernel <ids>', 'kernels for tests that ask one (default: those of their Results)')
    .option('--remedy <name>', "remedy in place of the test's own")
    .option('--bound <states>', 'states of one search, at most')
    .option('--reduce <names>', 'reductions, comma separated; none, all, auto', 'auto')
    .option('-j, --jobs <count>', 'workers of one search')
    .addOption(
      new Option('--format <form>', 'form of the answer').choices(['herd', 'ktap', 'json']),
    )
    .option('--json', 'the record: --format json')
    .option('--terse', 'Observation lines and the summary alone')
    .option('-v, --verbose', 'every machine by name, and the size of each search')
    .option('-q, --quiet', 'no progress')
    .option('-o, --output <file>', 'write the answer to a file')
    .action(async (tests: readonly string[], options: Typed) => {
      const { runCommand } = await import('./commands/run.ts');
      finish(await runCommand(tests, options), textOption(options['output']));
    });
}

function addExport(program: Command, finish: Finish): void {
  program
    .command('export <test>')
    .description('a litmus test on one machine as a model for another checker')
    .addOption(
      new Option('--to <form>', 'form of the model').choices(['promela']).default('promela'),
    )
    .option('--machine <id>', 'machine or cache kind (default: arm1176-32k)')
    .option('--kernel <id>', 'kernel for a test that asks one')
    .option('--remedy <name>', "remedy in place of the test's own")
    .option('-o, --output <file>', 'write the model to a file')
    .action(async (test: string, options: Typed) => {
      const { exportCommand } = await import('./commands/export.ts');
      finish(exportCommand(test, options), textOption(options['output']));
    });
}

function addReplay(program: Command, finish: Finish): void {
  program
    .command('replay <files...>')
    .description('run recorded scenarios of real kernels on the model, step by step')
    .option('--machine <id>', 'another CPU than the recorded one')
    .addOption(new Option('--kernel <id>', 'another kernel').choices(['6.1', '6.12']))
    .addOption(
      new Option(
        '--gate <gate>',
        'alloc_dax() lets all through, asks the predicate, or fails',
      ).choices(['open', 'stock', 'EOPNOTSUPP', 'ENOMEM']),
    )
    .option('--only <regexp>', 'only scenarios whose id matches')
    .option('--group <names>', 'only scenarios of these groups, comma separated')
    .option('-j, --jobs <count>', 'threads (default: as many as there are processors)')
    .option('--fresh', 'take nothing as given that a scenario did not make itself')
    .option('--terse', 'one line for each scenario that differs')
    .option('-v, --verbose', 'steps that no model is held to, and scenarios that agree, too')
    .option('--json', 'the record instead of text')
    .option('-q, --quiet', 'no progress')
    .option('-o, --output <file>', 'write the answer to a file')
    .action(async (files: readonly string[], options: Typed) => {
      const { replayCommand } = await import('./commands/replay.ts');
      finish(await replayCommand(files, options), textOption(options['output']));
    });
}

function addShell(program: Command, finish: Finish): void {
  program
    .command('shell [file]')
    .description('a modelled kernel to talk to: mount, write, map, look at cache lines')
    .option('--machine <id>', 'the CPU (default: skylake)')
    .addOption(new Option('--kernel <id>', 'the kernel (default: 6.12)').choices(['6.1', '6.12']))
    .addOption(
      new Option(
        '--gate <gate>',
        'alloc_dax() lets all through, asks the predicate, or fails',
      ).choices(['open', 'stock', 'EOPNOTSUPP', 'ENOMEM']),
    )
    .option('--json', 'of a file: a scenario with the answers, as dachs replay reads it')
    .option('-o, --output <file>', 'write the answer to a file')
    .action(async (file: string | undefined, options: Typed) => {
      const { shellCommand } = await import('./commands/shell.ts');
      finish(await shellCommand(file, options), textOption(options['output']));
    });
}

function addFmt(program: Command, setExit: (status: number) => void): void {
  program
    .command('fmt <files...>')
    .description('write litmus tests in their canonical form; - for stdin to stdout')
    .option('--check', 'change nothing; name the files that would change')
    .action(async (files: readonly string[], options: Typed) => {
      const { fmtCommand } = await import('./commands/fmt.ts');
      const { problems, text, exit } = fmtCommand(files, options);
      for (const problem of problems) process.stderr.write(problemText(problem));
      process.stdout.write(text);
      setExit(exit);
    });
}

function addExplain(program: Command, finish: Finish): void {
  program
    .command('explain <subject>')
    .description(
      'a scenario (L1), a litmus test, a cell (turbosparc@6.12), a finding, its type, a remedy',
    )
    .option('--kernel <ids>', 'kernels of a cell (default: 6.12)')
    .option('--machine <id>', 'machine of a scenario (default: arm1176-32k)')
    .option('--remedy <name>', 'remedy of a scenario (default: none)')
    .option('--replay <steps>', 'run exactly these steps of a scenario')
    .option('--audit <file>', 'a saved `dachs audit --json`: explain its findings by type or place')
    .option('--bound <states>', 'states of one search, at most')
    .option('--json', 'the record instead of text')
    .option('-o, --output <file>', 'write the answer to a file')
    .action(async (subject: string, options: Typed) => {
      const { explainCommand } = await import('./commands/explain.ts');
      finish(await explainCommand(subject, options), textOption(options['output']));
    });
}

function addList(program: Command, finish: Finish): void {
  program
    .command('list [what]')
    .description('what can be named: machines, kernels, types, protocols and more')
    .option('--json', 'the record instead of text')
    .option('-o, --output <file>', 'write the answer to a file')
    .action(async (what: string | undefined, options: Typed) => {
      const { listCommand } = await import('./commands/list.ts');
      finish(listCommand(what, options), textOption(options['output']));
    });
}

function addServe(program: Command, finish: Finish): void {
  program
    .command('serve')
    .description('the page in a browser: matrix, tests, runs step by step')
    .option('--port <number>', 'port on 127.0.0.1; 0: any that is free (default: 8017)')
    .option('-o, --output <file>', 'write the page as one HTML file instead')
    .action(async (options: Typed) => {
      const { serveCommand } = await import('./commands/serve.ts');
      finish(await serveCommand(options), undefined);
    });
}

// An option that is typed twice adds to the list.
function listed(typed: string, before: string | undefined): string {
  return before === undefined ? typed : `${before},${typed}`;
}

function textOption(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
