// Asks a real toolchain all that the Kconfig of a tree asks of it, and keeps the answers. Nothing
// else in Dachs runs a compiler, and this only where the user names it.
// @source Makefile v6.12 (environment of conf), scripts/kconfig/preprocess.c v6.12 do_shell()

import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  archOf,
  kconfigCache,
  markedTools,
  optimistic,
  type PortConfig,
  type Profile,
  readKconfig,
  shellText,
  sortedRecord,
  type SourceTree,
  type ToolchainRecord,
} from '../audit/index.ts';
import { fail, ok, type Problem, type Result } from '../base/index.ts';
import { openTree } from './file-tree.ts';
import {
  plainCommand,
  presentTools,
  realCommand,
  type Presented,
  type Tools,
  toolsOf,
} from './probe-tools.ts';
import { reasonOf } from './reason.ts';
import { askShell, endGroup, type ShellPlace } from './shell-question.ts';

/** What is probed, with what, and who watches. */
export interface ProbeOptions {
  /** Path of the kernel tree whose Kconfig asks. */
  readonly tree: string;
  readonly port: PortConfig;
  /** Prefix of the tools, e.g. `arm-linux-gnueabi-`; none for those of this machine. */
  readonly crossCompile?: string;
  /** Tools that are called otherwise, e.g. `{ CC: 'clang-16', LD: 'ld.lld-16' }`. */
  readonly tools?: Partial<Tools>;
  /** More of the environment, e.g. CLANG_FLAGS. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Name of the profile; made of compiler and ARCH where absent. */
  readonly name?: string;
  /** Hears how many questions are answered of those that came up so far. */
  readonly progress?: (done: number, total: number, label: string) => void | Promise<void>;
  /** Stops the probe; what runs is ended. */
  readonly signal?: AbortSignal;
  /** Time limit of one question; a minute where absent. */
  readonly milliseconds?: number;
}

/** Questions that are put to the shell at once. */
const JOBS = 2;

/** Readings of the Kconfig, each with the answers to the questions of those before it. */
const MAX_READINGS = 50;

const MINUTE = 60_000;

/**
 * Probes a toolchain with the questions of one port. Runs programs of this machine and scripts of
 * the tree; writes to a temporary folder only, which it removes.
 */
export async function probeToolchain(options: ProbeOptions): Promise<Result<ToolchainRecord>> {
  const tree = openTree(options.tree);
  if (!tree.ok) return tree;
  const running = new Set<number>();
  let folder: string | undefined;
  const clean = (): void => {
    for (const pid of running) endGroup(pid);
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  // Ctrl-C may end the program before anything here is heard of it.
  process.once('exit', clean);
  try {
    folder = workFolder(options.tree);
    return await new Probe(options, tree.value, folder, running).run();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return fail(error.problem);
  } finally {
    process.removeListener('exit', clean);
    clean();
  }
}

// Looks like the tree, so that questions name its scripts as in a build inside it; what they write
// lands beside the links.
function workFolder(tree: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'dachs-probe-'));
  try {
    mkdirSync(path.join(folder, 'tree'));
    for (const name of readdirSync(tree)) {
      symlinkSync(path.resolve(tree, name), path.join(folder, 'tree', name));
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw new Refused({
      what: `cannot set up a folder for the probe: ${reasonOf(error)}`,
      where: folder,
      hint: 'name a folder that can be written to: TMPDIR=FOLDER',
    });
  }
  return folder;
}

/** Ends a probe early; never leaves this file. */
class Refused extends Error {
  override name = 'Refused';
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.what);
    this.problem = problem;
  }
}

class Probe {
  private readonly options: ProbeOptions;
  private readonly tree: SourceTree;
  private readonly tools: Tools;
  private readonly place: ShellPlace;
  private readonly cache = kconfigCache();
  /** By command with marked tools. */
  private readonly answers = new Map<string, string>();

  constructor(options: ProbeOptions, tree: SourceTree, folder: string, running: Set<number>) {
    this.options = options;
    this.tree = tree;
    this.tools = toolsOf(options.crossCompile ?? '', options.tools ?? {});
    const { signal = new AbortController().signal, milliseconds = MINUTE, port } = options;
    this.place = {
      folder: path.join(folder, 'tree'),
      environment: {
        ...process.env,
        LC_ALL: 'C',
        srctree: '.',
        CROSS_COMPILE: options.crossCompile ?? '',
        ...port.env,
        ...this.tools,
        ...options.environment,
      },
      milliseconds,
      signal,
      running,
    };
  }

  async run(): Promise<Result<ToolchainRecord>> {
    const { port } = this.options;
    const presented = await presentTools(this.tools, port, this.place);
    if (this.place.signal.aborted) throw new Refused(stopped);
    if (!presented.ok) return presented;
    const environment = { ...presented.value.texts, ...this.options.environment };
    const place = { ...this.place, environment: { ...this.place.environment, ...environment } };
    for (let reading = 1; reading <= MAX_READINGS; reading += 1) {
      const { asked, news, problem, version } = this.read(environment);
      if (news.length > 0) await this.answer(news, place);
      else if (problem !== undefined) return fail(this.named(problem));
      else return ok(this.record({ presented: presented.value, environment, asked, version }));
    }
    return fail({
      what: `after ${MAX_READINGS} readings the Kconfig still asks new questions`,
      where: this.options.tree,
      hint: 'its questions hang on each other; a tree of the kernel takes three or four readings',
    });
  }

  // One reading: what it asks, and what of that has no answer yet.
  private read(environment: Readonly<Record<string, string>>): Reading {
    const asked = new Set<string>();
    const profile: Profile = {
      ...optimistic,
      name: 'probe',
      answers: this.answers,
      environment: { ...environment, ...markedTools() },
    };
    const { port } = this.options;
    const result = readKconfig(this.tree, port, profile, this.cache, {
      assumed: ({ command }) => asked.add(command),
    });
    const news = [...asked].filter((command) => !this.answers.has(command));
    if (!result.ok) return { asked: [...asked], news, problem: result.problem, version: '' };
    return { asked: [...asked], news, version: result.value.version };
  }

  // Two workers take the questions in their order; where one fails the other stops as well.
  private async answer(commands: readonly string[], place: ShellPlace): Promise<void> {
    const total = this.answers.size + commands.length;
    const queue = [...commands];
    const worker = async (): Promise<void> => {
      for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
        try {
          this.answers.set(one, await this.ask(one, place));
        } catch (error) {
          queue.length = 0;
          throw error;
        }
        await this.options.progress?.(this.answers.size, total, this.tools.CC);
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: JOBS }, worker));
    for (const one of ended) if (one.status === 'rejected') throw one.reason;
  }

  private async ask(marked: string, place: ShellPlace): Promise<string> {
    const command = realCommand(marked, this.tools);
    const answer = await askShell(command, place);
    if (answer.kind === 'ended') return shellText(answer.printed);
    if (answer.kind === 'stopped') throw new Refused(stopped);
    throw new Refused({
      what: `a question took longer than ${place.milliseconds / 1000} seconds: ${command}`,
      where: this.options.tree,
      hint: 'run the command in the tree to see what it waits for',
    });
  }

  private named(problem: Problem): Problem {
    return { ...problem, what: realCommand(problem.what, this.tools) };
  }

  private record({ presented, environment, asked, version }: Found): ToolchainRecord {
    const arch = archOf(this.options.port);
    const answers: Record<string, string> = {};
    for (const marked of asked) {
      const command = plainCommand(marked);
      const answer = realCommand(this.answers.get(marked) ?? '', this.tools);
      if (Object.hasOwn(answers, command) && answers[command] !== answer) {
        throw new Refused({
          what: `the tree names a tool itself and gets another answer: ${command}`,
          where: this.options.tree,
          hint: 'such a tree cannot be probed with tools of other names',
        });
      }
      answers[command] = answer;
    }
    const compiler = presented.tools.find(({ variable }) => variable === 'CC')?.version ?? '';
    const linker = presented.tools.find(({ variable }) => variable === 'LD')?.version ?? '';
    return {
      name: this.options.name ?? `probed-${arch}`,
      title: `${compiler}; ${linker}`,
      fits: [arch],
      tools: presented.tools,
      releases: [version],
      environment,
      otherwise: 'y',
      answers: sortedRecord(answers),
    };
  }
}

interface Reading {
  readonly asked: readonly string[];
  readonly news: readonly string[];
  readonly problem?: Problem;
  readonly version: string;
}

interface Found {
  readonly presented: Presented;
  readonly environment: Readonly<Record<string, string>>;
  readonly asked: readonly string[];
  readonly version: string;
}

const stopped: Problem = { what: 'the probe was stopped; nothing was kept' };
