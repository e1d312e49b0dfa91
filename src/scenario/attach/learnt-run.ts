// Runs the automaton of a driver that was learnt from a tree on the kernel model, as one more kind
// of device that the explorer attaches, lets fail and detaches.

import { never } from '../../base/index.ts';
import {
  Devres,
  E,
  fs_dax_get_by_bdev,
  fs_put_dax,
  type Linux,
  lookup_bdev,
} from '../../kernel/index.ts';
import type { AttachDriver, AttachedDevice, AttachVariant } from './drivers.ts';
import type { LearntAttach, LearntNode, LearntResult } from './learnt.ts';
import { announce, failing, hasDax, type Holdings, modelCall } from './learnt-calls.ts';
import { stepText } from './learnt-text.ts';
import { type AttachRunner, NotFollowed } from './run.ts';

/** How often a node is come to in one attach or detach: loops are gone through once. */
const MOST_VISITS = 3;

/** A kind of device that attaches and detaches as the automaton says. */
export function learntVariant(learnt: LearntAttach, driver: AttachDriver): AttachVariant {
  return {
    driver,
    id: `${learnt.function}() of the tree`,
    needsPages: false,
    make: (linux, runner) => new LearntDevice(learnt, { linux, runner, driver }),
  };
}

/** One device that attaches as it is told. */
class LearntDevice implements AttachedDevice {
  readonly uses = new Map<string, () => void>();
  readonly #learnt: LearntAttach;
  readonly #linux: Linux;
  readonly #runner: AttachRunner;
  readonly #held: Holdings;
  /** Whether it makes a disk that users see: then that is what has to be there. */
  readonly #publishes: boolean;
  /** Where the detach starts; undefined where nothing is attached. */
  #attached: number | undefined;
  /** What the model refused last, by name; whether a chance failed the run knows. */
  #refusal: LearntResult | undefined;
  #wasRefused = false;
  #lastError: number = E.EIO;

  constructor(
    learnt: LearntAttach,
    where: { readonly linux: Linux; readonly runner: AttachRunner; readonly driver: AttachDriver },
  ) {
    const { linux, driver, runner } = where;
    this.#learnt = learnt;
    this.#linux = linux;
    this.#runner = runner;
    this.#held = { linux, driver, devres: new Devres(), things: new Map(), features: 0 };
    this.#publishes = learnt.nodes.some(
      (node) => node.kind === 'call' && /^(device_)?add_disk$/.test(node.function),
    );
  }

  attach(): number {
    this.#refusal = undefined;
    this.#wasRefused = false;
    this.#held.things.clear();
    this.#held.features = 0;
    const end = this.#walk(0);
    switch (end.kind) {
      case 'attached':
        this.#attached = end.next;
        return 0;
      case 'failed':
        this.#wasRefused = isReason(this.#refusal, end.errno);
        // What devm functions took, the driver core gives back.
        this.#linux.now(this.#held.devres.releaseAll());
        return -(errorNumber(end.errno) ?? this.#lastError);
      case 'detached':
        throw new NotFollowed('the attach ends in a detach');
      default:
        return never(end, 'end of an attach');
    }
  }

  giveUp(): void {
    // A driver that fails has nobody who could.
  }

  detach(): void {
    const start = this.#attached;
    this.#attached = undefined;
    if (start === undefined) return;
    const end = this.#walk(start);
    if (end.kind === 'attached') throw new NotFollowed('the detach ends in an attach');
    this.#linux.now(this.#held.devres.releaseAll());
  }

  isThere(): boolean {
    if (this.#attached === undefined) return false;
    return !this.#publishes || this.#linux.block.disks.size > 0;
  }

  offersDax(): boolean {
    if (!this.#publishes) return hasDax(this.#held);
    const linux = this.#linux;
    return [...linux.block.disks.keys()].some((name) => {
      const bdev = lookup_bdev(linux, `/dev/${name}`);
      if (typeof bdev === 'number') return false;
      const found = linux.now(fs_dax_get_by_bdev(linux, bdev));
      linux.now(fs_put_dax(linux, found?.dax));
      return found !== undefined;
    });
  }

  wasRefused(): boolean {
    return this.#wasRefused;
  }

  #walk(start: number): Extract<LearntNode, { kind: 'attached' | 'failed' | 'detached' }> {
    const asked = new Set<number>();
    const visits = new Map<number, number>();
    for (let at = start; ; ) {
      const node = this.#learnt.nodes[at];
      if (node === undefined) throw new NotFollowed(this.#cutOff());
      const visit = (visits.get(at) ?? 0) + 1;
      if (visit > MOST_VISITS) throw new NotFollowed(`${this.#learnt.function}() runs in a circle`);
      visits.set(at, visit);
      if (node.kind !== 'question') this.#tell(node);
      switch (node.kind) {
        case 'attached':
        case 'failed':
        case 'detached':
          return node;
        case 'call':
          at = this.#call(node);
          break;
        case 'question': {
          // One that decides nothing would double the ways.
          if (node.yes === node.no) {
            at = node.yes;
            break;
          }
          const answer = this.#runner.ask(node.text) !== asked.has(at);
          asked.add(at);
          at = answer ? node.yes : node.no;
          break;
        }
        case 'store':
          at = node.next;
          break;
        case 'flag':
          this.#linux.now(announce(this.#held, node.flag));
          at = node.next;
          break;
        default:
          never(node, 'node of an automaton');
      }
    }
  }

  #tell(node: LearntNode): void {
    if ('at' in node) this.#runner.step(stepText(node, this.#learnt), node.at);
  }

  #cutOff(): string {
    const { notChecked, function: name } = this.#learnt;
    return notChecked[0] ?? `the walk of ${name}() ends before its ways do`;
  }

  /** The node behind the outcome that the model's answer is, or that the environment chooses. */
  #call(node: Extract<LearntNode, { kind: 'call' }>): number {
    const perform = modelCall(node.function);
    const result =
      perform === undefined ? this.#chosen(node) : this.#linux.now(perform(this.#held, node));
    if (result !== 'ok' && perform !== undefined) this.#refusal = result;
    if (result !== 'ok' && result !== 'NULL') this.#lastError = errorNumber(result) ?? E.EIO;
    const next = matching(node, result);
    if (next !== undefined) return next;
    const { file, line } = node.at;
    const cut = this.#learnt.notChecked[0];
    const why = cut === undefined ? '' : ` (${cut})`;
    throw new NotFollowed(`${file}:${line}: ${node.function}() gives ${result}${why}`);
  }

  /** How a call ends that is only a name: well, unless one of its chances says otherwise. */
  #chosen(node: Extract<LearntNode, { kind: 'call' }>): LearntResult {
    const results = [...new Set(node.outcomes.map(({ result }) => result))];
    const well = results.includes('ok') ? 'ok' : (results.at(-1) ?? 'ok');
    const others = results.filter((one) => one !== well);
    const name = chanceName(this.#learnt, node);
    for (const other of others) {
      const what = others.length === 1 ? name : `${name} ${other}`;
      if (this.#linux.now(failing(what))) return other;
    }
    return well;
  }
}

/** Whether an attach may have failed because of that answer: no other error is known. */
function isReason(refusal: LearntResult | undefined, errno: string | undefined): boolean {
  if (refusal === undefined) return false;
  return errno === undefined || refusal === 'NULL' || errorNumber(errno) === errorNumber(refusal);
}

/** The function, with its line where it is called at several places. */
function chanceName(
  { nodes }: LearntAttach,
  { function: name, at }: Extract<LearntNode, { kind: 'call' }>,
): string {
  const isElsewhere = nodes.some(
    (one) => one.kind === 'call' && one.function === name && one.at.line !== at.line,
  );
  return isElsewhere ? `${name}:${at.line}` : name;
}

/** By name, then as some error, then as NULL: what C makes of a failure is its own affair. */
function matching(
  { outcomes }: Extract<LearntNode, { kind: 'call' }>,
  result: LearntResult,
): number | undefined {
  const isError = result !== 'ok' && result !== 'NULL';
  const wanted: readonly LearntResult[] =
    result === 'NULL' ? ['NULL', 'error'] : isError ? [result, 'error', 'NULL'] : [result];
  for (const one of wanted) {
    const outcome = outcomes.find((each) => each.result === one);
    if (outcome !== undefined) return outcome.next;
  }
  return undefined;
}

/** The number of `-EBUSY`; undefined where it is not known. */
function errorNumber(name: string | undefined): number | undefined {
  const plain = name?.replace(/^-/, '');
  return Object.entries(E).find(([known]) => known === plain)?.[1];
}
