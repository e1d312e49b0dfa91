// Syntax tree -> program: names are looked up, primitives become steps, values get their width.

import type { KernelCall } from '../kernel/index.ts';
import type { LitmusFile, ThreadNode } from './ast.ts';
import type { Header } from './header.ts';
import { nearest } from './nearest.ts';
import { lowerQuestion } from './lower-condition.ts';
import { lowerThread } from './lower-statement.ts';
import { primitives } from './primitives/table.ts';
import type { Line, Mapping, Program, Step, Thread } from './program.ts';
import type { Reporter } from './reporter.ts';
import { openScope } from './scope.ts';
import { stackProgram } from './stack-world.ts';
import { MAX_VALUE_BITS, widthOf } from './width.ts';
import { LIMITS, readWorld } from './world.ts';
import type { World } from './world-types.ts';

/** A question to machine and kernel, under the name of the `call` step that asks it. */
export interface NamedCall {
  readonly name: string;
  readonly call: KernelCall;
}

/** What a tree comes to; of no use where problems were noted. */
export interface Lowered {
  readonly program: Program;
  readonly calls: readonly NamedCall[];
  readonly world: World;
  /** What the model leaves out of this very test: whole sentences. */
  readonly notes: readonly string[];
}

/** Checks the tree and lowers it. */
export function lower(file: LitmusFile, header: Header, reporter: Reporter): Lowered {
  const world = readWorld(file, reporter);
  checkThreads(file, reporter);
  const calls = new Map<string, KernelCall>();
  const scopes = file.threads.map((thread) => openScope(thread, world, reporter));
  const bodies = file.threads.map((thread, i) => {
    const scope = scopes[i];
    const steps = scope ? lowerThread(thread, scope, calls) : [];
    checkLength(thread, steps, reporter);
    if (world.isStack) checkStackSteps(thread, steps, { world, reporter });
    return asThread(thread, world, steps);
  });
  const threads = withTags(bodies, world);
  const question = lowerQuestion(file, world, scopes, reporter);
  const lines = linesOf(world);
  const width = widthOf({ lines, threads, question }, calls.values());
  if (width.valueBits > MAX_VALUE_BITS) {
    const what = `values of this test need ${width.valueBits} bits`;
    const hint = `there are ${MAX_VALUE_BITS}; smaller numbers, or fewer sums, tell as much`;
    reporter.add(file.question, what, hint);
  }
  const [medium] = [...world.devices.values()].map((device) => device.medium);
  const program: Program = {
    name: file.name.text,
    title: file.title?.text ?? firstSentence(header.about),
    about: header.about,
    lines,
    mappings: mappingsOf(world),
    threads,
    question,
    sources: header.sources,
    ...(world.locks.size > 0 ? { locks: [...world.locks.keys()] } : {}),
    ...(medium === 'eadr' ? { medium } : {}),
    ...(world.crashAnywhere ? { crashAnywhere: true as const } : {}),
    ...(width.valueBits > 2 ? { valueBits: width.valueBits } : {}),
    ...(width.signed ? { signed: true as const } : {}),
    ...(world.isStack ? { stack: stackProgram(world, reporter, file) } : {}),
  };
  const named = [...calls].map(([name, call]): NamedCall => ({ name, call }));
  const notes = [...notesOf(width), ...(world.isStack ? atOnceNotes(threads) : [])];
  return { program, calls: named, world, notes };
}

function checkThreads(file: LitmusFile, reporter: Reporter): void {
  if (file.threads.length === 0) {
    reporter.add(file.question, 'the test has no thread', 'e.g. P0(int *k) { WRITE_ONCE(*k, 1); }');
  }
  for (const [i, { name }] of file.threads.entries()) {
    if (name.text === `P${i}`) continue;
    const hint = 'threads are P0, P1, ... in this order, without gaps';
    reporter.add(name, `expected the thread P${i}, found ${name.text}`, hint);
    break;
  }
  const known = file.threads.map((thread) => thread.name.text);
  const failing = primitives.filter((one) => one.mayFail).map((one) => one.name);
  for (const item of file.init.items) {
    if (item.kind === 'cpu' && !known.includes(item.thread.text)) {
      const what = `there is no thread ${item.thread.text}`;
      reporter.add(item.thread, what, `threads: ${known.join(', ')}`);
    }
    if (item.kind === 'fail' && !failing.includes(item.call.text)) {
      const near = nearest(item.call.text, failing)[0];
      const hint = near ? `did you mean ${near}?` : `functions that may: ${failing.join(', ')}`;
      reporter.add(item.call, `${item.call.text}() cannot be made to fail`, hint);
    }
  }
}

function checkLength(thread: ThreadNode, steps: readonly Step[], reporter: Reporter): void {
  const count = everyStep(steps).length;
  if (count <= LIMITS.steps) return;
  const what = `${thread.name.text} has ${count} steps`;
  reporter.add(thread.name, what, `at most ${LIMITS.steps}, each access and each line being one`);
}

function asThread(thread: ThreadNode, world: World, steps: readonly Step[]): Thread {
  const name = thread.name.text;
  const cpu = world.cpus.get(name) ?? 0;
  return { name, ...(cpu === 0 ? {} : { cpu }), steps };
}

// Atomic instructions on mapped memory are no step of the kernel's model.
function checkStackSteps(
  thread: ThreadNode,
  steps: readonly Step[],
  { world, reporter }: { readonly world: World; readonly reporter: Reporter },
): void {
  const all = everyStep(steps);
  const wide = all.map((step) => storedIn(step, world)).find((value) => !isByte(value));
  if (wide !== undefined) {
    const what = `${thread.name.text} stores ${wide}, and cells of files are bytes`;
    reporter.add(thread.name, what, 'on a kernel that runs 0 to 255 can be stored');
  }
  const wrong = all.find((step) => step.kind === 'exchange' && world.addresses.has(step.mapping));
  if (wrong === undefined) return;
  const what = `${thread.name.text} exchanges a cell of a mapping`;
  reporter.add(thread.name, what, 'on a kernel that runs only variables are exchanged');
}

// The constant that a step puts into a file; 0 where it puts none, or a sum.
function storedIn(step: Step, world: World): number {
  const isStore = step.kind === 'store' && world.addresses.has(step.mapping);
  const isWrite = step.kind === 'kernel' && step.call.op === 'write';
  const value = isStore ? step.value : isWrite ? step.call.value : 0;
  return typeof value === 'number' ? value : 0;
}

function isByte(value: number): boolean {
  return value >= 0 && value <= 255;
}

/** A DIRTY tag stands where a process stores to the page in any thread. */
function withTags(threads: readonly Thread[], world: World): readonly Thread[] {
  const dirty = new Set<string>();
  for (const step of threads.flatMap((thread) => everyStep(thread.steps))) {
    if (step.kind !== 'store' && step.kind !== 'exchange') continue;
    const address = world.addresses.get(step.mapping);
    if (address?.maker === 'user') dirty.add(address.page.name);
  }
  const pageOf = (line: string): string => line.split('.')[0] ?? line;
  const tag = (step: Step): Step => {
    if (step.kind === 'fsync') return { ...step, tagged: dirty.has(pageOf(step.line)) };
    if (step.kind === 'if') return { ...step, yes: step.yes.map(tag), no: step.no.map(tag) };
    if (step.kind === 'while') return { ...step, body: step.body.map(tag) };
    return step;
  };
  return threads.map((thread) => ({ ...thread, steps: thread.steps.map(tag) }));
}

/** The step and all steps inside it. */
function everyStep(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step): readonly Step[] => {
    if (step.kind === 'if') return [step, ...everyStep(step.yes), ...everyStep(step.no)];
    if (step.kind === 'while' || step.kind === 'kernel-access') {
      return [step, ...everyStep(step.body)];
    }
    return [step];
  });
}

function linesOf(world: World): readonly Line[] {
  const pages = [...world.pages.values()].flatMap((page) =>
    page.lines.map((line): Line => ({ name: line.name, page: page.name, cells: line.cells })),
  );
  const variables = [...world.variables.values()].map(
    ({ name, value }): Line => ({ name, page: name, cells: [value] }),
  );
  return [...pages, ...variables];
}

/** Page numbers; an address without one gets the least that no other of its page has. */
function coloursOf(world: World): ReadonlyMap<string, number> {
  const taken = new Map([...world.pages.keys()].map((page) => [page, new Set<number>()] as const));
  for (const { page, colour } of world.addresses.values()) {
    if (colour !== undefined) taken.get(page.name)?.add(colour);
  }
  const colours = new Map<string, number>();
  for (const { name, page, colour } of world.addresses.values()) {
    const others = taken.get(page.name);
    let own = colour ?? 0;
    while (colour === undefined && others?.has(own)) own++;
    others?.add(own);
    colours.set(name, own);
  }
  return colours;
}

function mappingsOf(world: World): readonly Mapping[] {
  const colours = coloursOf(world);
  const addresses = [...world.addresses.values()].map(
    (address): Mapping => ({
      name: address.name,
      page: address.page.name,
      side: address.maker === 'user' ? 'user' : 'kernel',
      colour: colours.get(address.name) ?? 0,
      ...(address.unmapped ? { mappedLater: true as const } : {}),
      ...(address.uncached ? { uncached: true as const } : {}),
    }),
  );
  const always = { side: 'kernel', uncached: true } as const;
  const variables = [...world.variables.keys()].map(
    (name): Mapping => ({ name, page: name, ...always }),
  );
  return [...addresses, ...variables];
}

function firstSentence(about: string): string {
  const sentence = /^.*?[.:!?](?=\s|$)/s.exec(about)?.[0] ?? about;
  return sentence.replace(/[.:]$/, '');
}

/** Calls that are ordinary code of the model: nothing comes in between. */
const AT_ONCE: ReadonlySet<string> = new Set(['mount', 'umount', 'open', 'unlink', 'drop_caches']);

function atOnceNotes(threads: readonly Thread[]): readonly string[] {
  if (threads.length < 2) return [];
  const calls = threads
    .flatMap(({ steps }) => everyStep(steps))
    .flatMap((step) => (step.kind === 'kernel' && AT_ONCE.has(step.call.op) ? [step.call.op] : []));
  return [...new Set(calls)].map(
    (op) => `${op}() is done at once here: what races with it in a kernel is not searched.`,
  );
}

function notesOf({ wraps, valueBits }: ReturnType<typeof widthOf>): readonly string[] {
  if (!wraps) return [];
  return [
    `A sum stands in a loop: values are taken modulo ${2 ** valueBits}, so that larger ones are ` +
      'not told apart.',
  ];
}
