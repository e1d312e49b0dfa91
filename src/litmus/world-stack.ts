// What the init block says about a kernel that runs: processes, who starts when, what the gate
// answers, which rules are changed.

import type { InitItem, LitmusFile, Word } from './ast.ts';
import { constantValue } from './constants.ts';
import { suggestion } from './nearest.ts';
import { KERNEL_RULES } from './kernel-rules.ts';
import type { Reporter } from './reporter.ts';
import type { StackGate, World } from './world-types.ts';

const GATES: readonly StackGate[] = ['open', 'refused'];
const MAX_PROCESS = 15;

type Rules = Pick<World, 'isStack' | 'gate' | 'design' | 'without'>;

/**
 * Whether a kernel is to run: a file is on a mount, or something is declared that only such a
 * kernel has; and the rules it is to run by.
 */
export function stackOf(file: LitmusFile, reporter: Reporter): Rules {
  const { items } = file.init;
  const mounts = new Set(items.flatMap((i) => (i.kind === 'mount' ? [i.name.text] : [])));
  const isStack = items.some((item) => needsKernel(item, mounts));
  const words = (kind: 'gate' | 'design' | 'without'): readonly Word[] =>
    items.flatMap((item) => (item.kind === kind ? [item.word] : []));
  const gate = known(words('gate'), { what: 'gate', names: GATES, reporter });
  const design = known(words('design'), { what: 'design', names: KERNEL_RULES.designs, reporter });
  const without = words('without');
  for (const word of without) {
    known([word], { what: 'function', names: KERNEL_RULES.without, reporter });
  }
  return {
    isStack,
    ...(gate === undefined ? {} : { gate }),
    ...(design === undefined ? {} : { design }),
    without: without.map(({ text }) => text),
  };
}

function needsKernel(item: InitItem, mounts: ReadonlySet<string>): boolean {
  switch (item.kind) {
    case 'file':
      return item.on !== undefined && mounts.has(item.on.text);
    case 'device':
      return item.device.text.startsWith('dm') || item.args.some(({ text }) => text === 'detached');
    case 'mount':
      return item.options.some(({ key }) => key.text === 'unmounted');
    case 'fail-anywhere':
    case 'process':
    case 'start':
    case 'gate':
    case 'design':
    case 'without':
      return true;
    default:
      return false;
  }
}

function known<T extends string>(
  words: readonly Word[],
  among: { readonly what: string; readonly names: readonly T[]; readonly reporter: Reporter },
): T | undefined {
  const { what, names, reporter } = among;
  const [word, second] = words;
  if (second) reporter.add(second, `the ${what} is given twice`, 'take one away');
  const found = word && names.find((name) => name === word.text);
  if (word && !found) {
    const hint = suggestion(word.text, names, `${what}s`);
    reporter.add(word, `there is no ${what} '${word.text}' to choose`, hint);
  }
  return found;
}

/** Notes the process of a thread, or the threads that it waits for. */
export function declareStackItem(
  world: World,
  item: Extract<InitItem, { readonly kind: 'process' | 'start' }>,
  { file, reporter }: { readonly file: LitmusFile; readonly reporter: Reporter },
): void {
  const threads = file.threads.map(({ name }) => name.text);
  const named: readonly Word[] =
    item.kind === 'start' ? [item.thread, ...item.others] : [item.thread];
  const unknown = named.find(({ text }) => !threads.includes(text));
  if (unknown) {
    const hint = `threads: ${threads.join(', ')}`;
    reporter.add(unknown, `there is no thread ${unknown.text}`, hint);
    return;
  }
  const name = item.thread.text;
  if (item.kind === 'process') {
    const process = constantValue(item.process, reporter);
    if (process < 0 || process > MAX_PROCESS) {
      reporter.add(item.process, `there is no process ${process}`, `0 to ${MAX_PROCESS}`);
    }
    world.processes.set(name, process);
    return;
  }
  const { others } = item;
  const after = others.map(({ text }) => text);
  // Threads wait for threads before them, so that none waits for itself.
  const late = others.find(({ text }) => threads.indexOf(text) >= threads.indexOf(name));
  if (late) {
    const what = `${name} cannot start after ${late.text}`;
    reporter.add(late, what, 'a thread starts after threads with smaller numbers');
    return;
  }
  world.after.set(name, after);
}
