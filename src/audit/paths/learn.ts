// The automaton of an attach function: its paths, merged where they are alike, as steps that the
// explorer can run on the kernel model. Questions that change nothing are left out.

import {
  attachFunctions,
  type LearntAttach,
  type LearntNode,
  type LearntObject,
  type LearntPlace,
} from '../../scenario/index.ts';
import type { Flow, Unit } from '../flow/index.ts';
import { type End, endsOf, type State, type Trace, Walker } from '../walk/index.ts';
import type { WalkedFile, WalkedFunction } from './walk-file.ts';

/** Symbols of the systems that attach functions are explored on. */
const CONFIG: ReadonlyMap<string, boolean> = new Map([
  ['DAX', true],
  ['FS_DAX', true],
  ['FUSE_DAX', true],
]);

/**
 * What gives back what an attach function has made, where no action of the device does.
 * @source drivers/md/dm.c alloc_dev() free_dev() v6.1 v6.12
 */
const DETACHES: ReadonlyMap<string, string> = new Map([['alloc_dev', 'free_dev']]);

/** The attach functions of a file of which there is a model, in the order of place. */
export function learnAttaches({ unit, functions }: WalkedFile): readonly LearntAttach[] {
  const names = attachFunctions.filter(({ file }) => file === unit.file);
  const wanted = names.flatMap((one) => one.functions);
  return functions.flatMap((walked) => {
    const { flow, walker } = walked;
    // Who only hands the object on learns nothing of it.
    const acquires = walker.sites.some(
      ({ function: name, where }) => name === flow.name && where.unit === unit,
    );
    if (!wanted.includes(flow.name) || !acquires) return [];
    const { ends, walker: fine } = walker.options.coarse === true ? again(walked) : walked;
    return [new Learner(fine, flow, unit).learn(ends)];
  });
}

/** Paths that were merged coarsely make no automaton: the function is walked once more. */
function again({ walker, flow, unit }: WalkedFunction): Pick<WalkedFunction, 'walker' | 'ends'> {
  const fine = new Walker({ ...walker.options, coarse: false });
  return { walker: fine, ends: endsOf(fine, flow, fine.run(flow, unit)) };
}

/** How a path goes on where the function has returned. */
type Tail =
  | { readonly kind: 'failed'; readonly errno: string | undefined }
  | { readonly kind: 'attached'; readonly isKnown: boolean }
  | { readonly kind: 'detached' };

class Learner {
  readonly #walker: Walker;
  readonly #flow: Flow;
  readonly #unit: Unit;
  readonly #children = new Map<Trace, Set<Trace>>();
  readonly #merged = new Map<Trace, Set<Trace>>();
  readonly #tails = new Map<Trace, Tail[]>();
  readonly #objects = new Map<number, number>();
  readonly #nodes: LearntNode[] = [];
  readonly #done = new Map<string, number>();
  readonly #numbers = new Map<Trace, number>();
  readonly #simpler = new Map<number, number>();
  readonly #open = new Set<Trace>();
  readonly #cut = new Set<string>();

  constructor(walker: Walker, flow: Flow, unit: Unit) {
    this.#walker = walker;
    this.#flow = flow;
    this.#unit = unit;
  }

  learn(ends: readonly End[]): LearntAttach {
    // What comes after the returns is a walk of its own.
    this.#walker.steps = 0;
    for (const end of ends) this.#finish(end);
    for (const { from, into } of this.#walker.merges) {
      add(this.#merged, from, into);
      this.#chain(from);
      this.#chain(into);
    }
    const [root] = [...this.#children.keys()].filter((one) => one.before === undefined);
    const start = root === undefined ? CUT : this.#early(this.#number(root));
    const nodes = fromStart(this.#nodes, start);
    return {
      function: this.#flow.name,
      at: this.#place(this.#unit, this.#flow.at),
      objects: this.#learntObjects(),
      nodes,
      notChecked: [...this.#walker.notChecked, ...this.#cut],
    };
  }

  /**
   * Before anything is acquired, questions whose one answer is a failure tell nothing: nothing can
   * be lost there.
   */
  #early(index: number): number {
    const known = this.#simpler.get(index);
    if (known !== undefined) return known;
    const simpler = this.#simplified(index);
    this.#simpler.set(index, simpler);
    return simpler;
  }

  #simplified(index: number): number {
    const node = this.#nodes[index];
    if (node === undefined) return index;
    switch (node.kind) {
      case 'question': {
        const isEnd = (one: number): boolean => this.#nodes[one]?.kind === 'failed';
        if (isEnd(node.yes) && !isEnd(node.no)) return this.#early(node.no);
        if (isEnd(node.no) && !isEnd(node.yes)) return this.#early(node.yes);
        const [yes, no] = [this.#early(node.yes), this.#early(node.no)];
        return yes === no ? yes : this.#add({ ...node, yes, no });
      }
      case 'call': {
        if (node.object !== undefined) return index;
        const outcomes = node.outcomes.map(({ result, next }) => ({
          result,
          next: this.#early(next),
        }));
        return this.#add({ ...node, outcomes });
      }
      case 'flag':
        return this.#add({ ...node, next: this.#early(node.next) });
      default:
        return index;
    }
  }

  /** What happens after a return: actions of the device, or the function that detaches. */
  #finish({ kind, state, value }: End): void {
    const ended = state.trace;
    this.#chain(ended);
    const errno = value.kind === 'errno' && value.name !== 'E*' ? `-${value.name}` : undefined;
    const detach = kind === 'success' ? DETACHES.get(this.#flow.name) : undefined;
    const last: Tail = kind === 'failure' ? { kind: 'failed', errno } : { kind: 'detached' };
    let states: readonly State[] = [state];
    for (const { action, data } of state.deferred.toReversed()) {
      states = states.flatMap((one) => this.#run(action, data, one));
    }
    if (detach !== undefined) states = states.flatMap((one) => this.#run(detach, value, one));
    const isEmpty = [...state.objects.values()].every(({ released }) => released !== undefined);
    const isKnown = detach !== undefined || state.deferred.length > 0 || isEmpty;
    if (kind === 'success') this.#tail(ended, { kind: 'attached', isKnown });
    for (const { trace } of states) {
      if (kind === 'success' && !isKnown) continue;
      this.#tail(trace, last);
      this.#chain(trace);
    }
  }

  #run(name: string, data: End['value'], state: State): readonly State[] {
    const callee = this.#walker.options.sources.flow(name, this.#unit);
    if (callee === undefined) {
      this.#cut.add(`${name}() is not in the file`);
      return [state];
    }
    return this.#walker.inline(callee, [data], state.fork(), undefined).map((one) => one.state);
  }

  #tail(trace: Trace, tail: Tail): void {
    const known = this.#tails.get(trace) ?? [];
    if (!known.some((one) => JSON.stringify(one) === JSON.stringify(tail))) known.push(tail);
    this.#tails.set(trace, known);
  }

  #chain(trace: Trace): void {
    for (let one = trace; one.before !== undefined; one = one.before) {
      const siblings = this.#children.get(one.before) ?? new Set<Trace>();
      this.#children.set(one.before, siblings);
      if (siblings.has(one)) return;
      siblings.add(one);
      this.#noteObject(one);
    }
  }

  /** Objects are named by the place in the list of the call that acquires them. */
  #noteObject({ step }: Trace): void {
    if (step?.kind !== 'call' || typeof step.object !== 'number') return;
    const { where, object } = step;
    const site = this.#walker.sites.findIndex(
      (one) => one.where.unit === where.unit && one.where.at === where.at,
    );
    const known = this.#objects.get(object);
    if (site >= 0 && (known === undefined || site < known)) this.#objects.set(object, site);
  }

  #learntObjects(): readonly LearntObject[] {
    return this.#walker.sites.map(({ protocol, acquire, where }) => ({
      protocol: protocol.name,
      acquire: acquire.function,
      at: this.#place(where.unit, where.at),
    }));
  }

  #place(unit: Unit, at: number): LearntPlace {
    const { file, line } = unit.place(at);
    return { file, line };
  }

  /** All ways on from a point, those of the path that it was merged into included. */
  #waysOn(trace: Trace, seen: Set<Trace> = new Set()): readonly Trace[] {
    if (seen.has(trace)) return [];
    seen.add(trace);
    return [
      ...(this.#children.get(trace) ?? []),
      ...[...(this.#merged.get(trace) ?? [])].flatMap((into) => this.#waysOn(into, seen)),
    ];
  }

  #tailsOf(trace: Trace, seen: Set<Trace> = new Set()): readonly Tail[] {
    if (seen.has(trace)) return [];
    seen.add(trace);
    return [
      ...(this.#tails.get(trace) ?? []),
      ...[...(this.#merged.get(trace) ?? [])].flatMap((into) => this.#tailsOf(into, seen)),
    ];
  }

  /** The node for what comes after a point; `CUT` where a loop comes back to it. */
  #number(trace: Trace): number {
    const known = this.#numbers.get(trace);
    if (known !== undefined) return known;
    if (this.#open.has(trace)) return LOOP;
    this.#open.add(trace);
    const number = this.#after(trace);
    this.#open.delete(trace);
    this.#numbers.set(trace, number);
    return number;
  }

  #after(trace: Trace): number {
    const tails = this.#tailsOf(trace);
    const attached = tails.find((one) => one.kind === 'attached');
    const ways = this.#groups(this.#waysOn(trace)).filter((one) => one !== LOOP);
    if (attached?.kind === 'attached') {
      const next = attached.isKnown ? this.#choose([...ways, ...this.#ends(tails)]) : CUT;
      return this.#add({ kind: 'attached', next });
    }
    return this.#choose([...ways, ...this.#ends(tails)]);
  }

  #ends(tails: readonly Tail[]): readonly number[] {
    return tails.flatMap((tail) => {
      if (tail.kind === 'attached') return [];
      return [this.#add(tail)];
    });
  }

  /** Ways that no step tells apart: a question of its own. */
  #choose(ways: readonly number[]): number {
    const [first, ...rest] = [...new Set(ways)];
    if (first === undefined) return LOOP;
    return rest.reduce(
      (before, way, i) =>
        this.#add({
          kind: 'question',
          text: `another way (${i + 1})`,
          at: this.#place(this.#unit, this.#flow.at),
          yes: before,
          no: way,
        }),
      first,
    );
  }

  /** Steps that are the answers to one question, together. */
  #groups(ways: readonly Trace[]): readonly number[] {
    const groups = new Map<string, Trace[]>();
    for (const way of ways) {
      const { step } = way;
      if (step === undefined) continue;
      const name = step.kind === 'call' ? step.function : step.kind === 'question' ? step.text : '';
      const key = `${step.kind} ${step.where.unit.file} ${step.where.at} ${name}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [way]);
      else group.push(way);
    }
    return [...groups.values()].map((group) => this.#group(group));
  }

  #group(group: readonly Trace[]): number {
    const [first] = group;
    const step = first?.step;
    if (first === undefined || step === undefined) return LOOP;
    const at = this.#place(step.where.unit, step.where.at);
    switch (step.kind) {
      case 'call':
        return this.#call(group, step.function, at);
      case 'question': {
        const given = configured(step.text);
        const answers = (answer: boolean): number =>
          this.#choose(
            group.flatMap((one) => {
              if (one.step?.kind !== 'question' || one.step.answer !== answer) return [];
              const next = this.#number(one);
              return next === LOOP ? [] : [next];
            }),
          );
        const [yes, no] = [answers(true), answers(false)];
        if (given !== undefined) return given ? yes : no;
        // A way that only leads back, or that no path took, is none.
        if (yes === LOOP || no === LOOP || yes === no) return yes === LOOP ? no : yes;
        return this.#add({ kind: 'question', text: step.text, at, yes, no });
      }
      case 'store': {
        const next = this.#each(group);
        const object = step.object === null ? null : this.#ordinal(step.object);
        if (object === undefined) return next;
        return this.#add({ kind: 'store', field: step.field, object, at, next });
      }
      case 'flag':
        return this.#add({ kind: 'flag', flag: step.flag, at, next: this.#each(group) });
      case 'return':
        return this.#each(group);
    }
  }

  #each(group: readonly Trace[]): number {
    return this.#choose(group.map((one) => this.#number(one)).filter((one) => one !== LOOP));
  }

  #call(group: readonly Trace[], name: string, at: LearntPlace): number {
    const results = new Map<string, Trace[]>();
    let object: number | null | undefined;
    for (const one of group) {
      if (one.step?.kind !== 'call') continue;
      const { result } = one.step;
      object ??= one.step.object === null ? null : this.#ordinal(one.step.object);
      results.set(result, [...(results.get(result) ?? []), one]);
    }
    const outcomes = [...results].flatMap(([, some]) => {
      const next = this.#each(some);
      const step = some[0]?.step;
      if (step?.kind !== 'call' || next === LOOP) return [];
      return [{ result: step.result, next }];
    });
    outcomes.sort((a, b) => compareResults(a.result, b.result));
    const [only, second] = outcomes;
    if (only === undefined) return LOOP;
    // A call that changes nothing, and of which it is all one how it ends, is left out.
    const isPlain = object === undefined && !this.#tells(name);
    if (isPlain && outcomes.every(({ next }) => next === only.next)) return only.next;
    if (isPlain && second === undefined && only.result === 'ok') return only.next;
    return this.#add({ kind: 'call', function: name, object, at, outcomes });
  }

  /** Whether some protocol knows the function. */
  #tells(name: string): boolean {
    return this.#walker.options.protocols.some(
      (one) =>
        [...one.acquire, ...one.use, ...one.register, ...one.release].some(
          (f) => f.function === name,
        ) || one.register.some(({ undo }) => undo.function === name),
    );
  }

  #ordinal(object: number | undefined): number | undefined {
    return object === undefined ? undefined : this.#objects.get(object);
  }

  #add(node: LearntNode): number {
    const key = JSON.stringify(node);
    const known = this.#done.get(key);
    if (known !== undefined) return known;
    this.#nodes.push(node);
    this.#done.set(key, this.#nodes.length - 1);
    return this.#nodes.length - 1;
  }
}

/** What the configuration of the explored systems answers; undefined where it does not say. */
function configured(text: string): boolean | undefined {
  const match = /^(!?)\s*(?:IS_\w+|defined)\(CONFIG_(\w+)\)$/.exec(text);
  const value = match?.[2] === undefined ? undefined : CONFIG.get(match[2]);
  return value === undefined ? undefined : value !== (match?.[1] === '!');
}

/** The good outcome first, the others by name. */
function compareResults(a: string, b: string): number {
  if (a === 'ok' || b === 'ok') return a === b ? 0 : a === 'ok' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** No node: the walk does not know how it goes on. */
const CUT = -1;
/** No way at all: a loop that came back to where it was. */
const LOOP = -2;

function add(map: Map<Trace, Set<Trace>>, from: Trace, into: Trace): void {
  const known = map.get(from);
  if (known === undefined) map.set(from, new Set([into]));
  else known.add(into);
}

/** Nodes that a start leads to, numbered in the order in which it does; the start is 0. */
function fromStart(nodes: readonly LearntNode[], start: number): readonly LearntNode[] {
  const numbers = new Map<number, number>();
  const order: LearntNode[] = [];
  const visit = (index: number): void => {
    const node = nodes[index];
    if (node === undefined || numbers.has(index)) return;
    numbers.set(index, order.length);
    order.push(node);
    for (const next of nextOf(node)) visit(next);
  };
  visit(start);
  return order.map((node) => renumbered(node, (index) => numbers.get(index) ?? CUT));
}

function nextOf(node: LearntNode): readonly number[] {
  switch (node.kind) {
    case 'call':
      return node.outcomes.map(({ next }) => next);
    case 'question':
      return [node.yes, node.no];
    case 'store':
    case 'flag':
    case 'attached':
      return [node.next];
    case 'failed':
    case 'detached':
      return [];
  }
}

function renumbered(node: LearntNode, to: (index: number) => number): LearntNode {
  switch (node.kind) {
    case 'call':
      return {
        ...node,
        outcomes: node.outcomes.map(({ result, next }) => ({ result, next: to(next) })),
      };
    case 'question':
      return { ...node, yes: to(node.yes), no: to(node.no) };
    case 'store':
    case 'flag':
    case 'attached':
      return { ...node, next: to(node.next) };
    case 'failed':
    case 'detached':
      return node;
  }
}
