// What the configuration must be for a path to be taken: over every path that leads to a state,
// those included that were merged into it, as alternatives.

import type { Step, Trace } from '../walk/index.ts';

/** Symbols without CONFIG_, and whether they must be set; empty: whatever the configuration. */
export type Way = ReadonlyMap<string, boolean>;

/** Alternatives that are kept apart; more are taken together: what all of them need. */
const MAX_WAYS = 6;

/** Says which symbols a function needs to answer with anything but 0. */
export type Answers = (name: string) => readonly string[];

/** The alternatives for a set of ends; no end gives none. */
export function waysTo(
  ends: readonly Trace[],
  merges: readonly { readonly from: Trace; readonly into: Trace }[],
  answers: Answers,
): readonly Way[] {
  const joined = new Map<Trace, Trace[]>();
  for (const { from, into } of merges) joined.set(into, [...(joined.get(into) ?? []), from]);
  const search = new Search(joined, answers);
  return fewest(ends.flatMap((end) => search.waysTo(end)));
}

/** What every one of the alternatives needs. */
export function common(ways: readonly Way[]): Way {
  const [first, ...rest] = ways;
  return new Map(
    [...(first ?? [])].filter(([symbol, on]) => rest.every((way) => way.get(symbol) === on)),
  );
}

class Search {
  readonly #joined: ReadonlyMap<Trace, readonly Trace[]>;
  readonly #answers: Answers;
  readonly #known = new Map<Trace, readonly Way[]>();
  readonly #open = new Set<Trace>();

  constructor(joined: ReadonlyMap<Trace, readonly Trace[]>, answers: Answers) {
    this.#joined = joined;
    this.#answers = answers;
  }

  waysTo(trace: Trace): readonly Way[] {
    const known = this.#known.get(trace);
    if (known !== undefined) return known;
    // A loop that comes back adds no way to get there.
    if (this.#open.has(trace)) return [];
    this.#open.add(trace);
    const facts = trace.step === undefined ? [] : factsOf(trace.step, this.#answers);
    const before = trace.before === undefined ? [new Map()] : this.waysTo(trace.before);
    const own = before.flatMap((way) => extended(way, facts));
    const others = (this.#joined.get(trace) ?? []).flatMap((from) => this.waysTo(from));
    this.#open.delete(trace);
    const ways = fewest([...own, ...others]);
    this.#known.set(trace, ways);
    return ways;
  }
}

function extended(way: Way, facts: readonly (readonly [string, boolean])[]): readonly Way[] {
  if (facts.length === 0) return [way];
  // Two answers that no configuration gives together: there is no such way.
  if (facts.some(([symbol, on]) => way.has(symbol) && way.get(symbol) !== on)) return [];
  return [new Map([...way, ...facts])];
}

/** The same alternatives in fewer words: without what another covers, or two need not tell. */
function fewest(ways: readonly Way[]): readonly Way[] {
  let kept = uncovered(ways);
  for (;;) {
    const joined = firstJoin(kept);
    if (joined === undefined) break;
    kept = uncovered([joined, ...kept]);
  }
  return kept.length > MAX_WAYS ? [common(kept)] : kept;
}

function uncovered(ways: readonly Way[]): readonly Way[] {
  const kept: Way[] = [];
  for (const way of ways.toSorted((a, b) => a.size - b.size)) {
    const isCovered = kept.some((one) => [...one].every(([symbol, on]) => way.get(symbol) === on));
    if (!isCovered) kept.push(way);
  }
  return kept;
}

/** What is left of two ways that differ in one symbol alone, on in one and off in the other. */
function firstJoin(ways: readonly Way[]): Way | undefined {
  for (const [i, one] of ways.entries()) {
    for (const other of ways.slice(i + 1)) {
      const [symbol, second] = [...one.keys()].filter((name) => one.get(name) !== other.get(name));
      if (symbol === undefined || second !== undefined || !other.has(symbol)) continue;
      // Whatever else the other one needs is needed still.
      const rest = [...one, ...other].filter(([name]) => name !== symbol);
      const joined: Way = new Map(rest);
      if (joined.size < Math.max(one.size, other.size)) return joined;
    }
  }
  return undefined;
}

function factsOf(step: Step, answers: Answers): readonly (readonly [string, boolean])[] {
  if (step.kind !== 'question') return [];
  const config = /^(!?)\s*(?:IS_\w+|defined)\(CONFIG_(\w+)\)$/.exec(step.text);
  if (config?.[2] !== undefined) return [[config[2], step.answer !== (config[1] === '!')]];
  const call = /^(\w+)\(/.exec(step.text);
  if (call?.[1] === undefined || !step.answer) return [];
  return answers(call[1]).map((symbol) => [symbol, true] as const);
}
