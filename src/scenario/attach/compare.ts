// What the automaton of a tree does beside our own model of the same driver: findings that both
// have, that one of them has, and those that cannot be compared, with the reason.

import type { AttachExploration, AttachFinding, FindingKind } from './explore.ts';
import { findingKinds } from './explore.ts';
import type { AttachNames } from './names.ts';

/** One thing that is wrong after certain calls have failed, in one of the two or in both. */
export interface AttachItem {
  readonly kind: FindingKind;
  /** What is lost, freed twice, or broken: `a DAX device`. */
  readonly what: string;
  /** Functions of C that fail on the way, in order; empty where none has to. */
  readonly after: readonly string[];
  /** Why it is not compared, or what explains that one side has it alone. */
  readonly why?: string;
}

/** Both sides compared; each list in the order of kinds, things and ways. */
export interface AttachComparison {
  readonly agree: readonly AttachItem[];
  readonly onlyModel: readonly AttachItem[];
  readonly onlyTree: readonly AttachItem[];
  readonly notComparable: readonly AttachItem[];
  /** Calls that fail on one side alone, by their names in C. */
  readonly calls: { readonly onlyModel: readonly string[]; readonly onlyTree: readonly string[] };
}

/** Things that are held, by how their line in the ledger starts, and the calls that take them. */
const THINGS: readonly {
  readonly starts: string;
  readonly what: string;
  readonly takenBy: readonly string[];
}[] = [
  { starts: 'disk ', what: 'a disk', takenBy: ['blk_alloc_disk'] },
  { starts: 'allocated disks', what: 'a disk', takenBy: ['blk_alloc_disk'] },
  { starts: 'a DAX device', what: 'a DAX device', takenBy: ['alloc_dax'] },
  { starts: 'inode of dax', what: 'a DAX device', takenBy: ['alloc_dax'] },
  { starts: 'a host entry', what: 'a host entry', takenBy: ['dax_add_host'] },
  { starts: 'region ', what: 'a region of memory', takenBy: ['devm_request_mem_region'] },
  { starts: 'iomem', what: 'a region of memory', takenBy: ['devm_request_mem_region'] },
  {
    starts: 'mapped memory',
    what: 'mapped memory',
    takenBy: ['devm_memremap_pages', 'devm_memremap'],
  },
  { starts: 'memremap', what: 'mapped memory', takenBy: ['devm_memremap_pages', 'devm_memremap'] },
  { starts: 'range of ', what: 'a range of the dax region', takenBy: [] },
  { starts: 'ranges of dax regions', what: 'a range of the dax region', takenBy: [] },
  { starts: 'minor ', what: 'a minor of dm', takenBy: [] },
  { starts: '_minor_idr', what: 'a minor of dm', takenBy: [] },
  { starts: 'segment ', what: 'a segment', takenBy: [] },
  { starts: 'registered device', what: 'a registered device', takenBy: [] },
  { starts: 'reference of module', what: 'a reference of the module', takenBy: [] },
];

/** An item as one side has it. */
interface Sided extends AttachItem {
  readonly use: string | undefined;
  /** The way by the names of that side. */
  readonly chances: readonly string[];
}

/**
 * Compares all ways of our model of a driver with all ways of what was learnt of it, on one
 * system.
 */
export function compareAttach(
  own: AttachExploration,
  learnt: AttachExploration,
  names: AttachNames,
): AttachComparison {
  const model = itemsOf(own, names);
  const tree = itemsOf(learnt, names);
  const keys = { model: new Set(model.map(keyOf)), tree: new Set(tree.map(keyOf)) };
  const failing = {
    model: new Set(own.chances.map(names.functionOf)),
    tree: new Set(learnt.chances.map(names.functionOf)),
  };
  const open: AttachItem[] = [];
  const onlyModel: AttachItem[] = [];
  for (const item of model.filter((one) => !keys.tree.has(keyOf(one)))) {
    const why = notComparable(item, names, { failing: failing.tree, learnt });
    if (why === undefined) onlyModel.push(plain(item, leftOut(item, failing.tree, 'tree')));
    else open.push(plain(item, why));
  }
  const inWalk = own.chances.filter((one) => names.elsewhere(one) === undefined);
  const ours = new Set(inWalk.map(names.functionOf));
  return {
    agree: ordered(tree.filter((one) => keys.model.has(keyOf(one))).map((one) => plain(one))),
    onlyModel: ordered(onlyModel),
    onlyTree: ordered(
      tree
        .filter((one) => !keys.model.has(keyOf(one)))
        .map((one) => plain(one, leftOut(one, failing.model, 'model'))),
    ),
    notComparable: ordered(open),
    calls: {
      onlyModel: [...ours].filter((one) => !failing.tree.has(one)).toSorted(),
      onlyTree: [...failing.tree].filter((one) => !failing.model.has(one)).toSorted(),
    },
  };
}

/** Explorations of several kinds of device of one driver, as one. */
export function mergeExplorations(some: readonly AttachExploration[]): AttachExploration {
  const merged = new Map<string, AttachFinding>();
  for (const one of some.flatMap(({ findings }) => findings)) {
    const key = JSON.stringify([one.kind, one.says, one.use]);
    const known = merged.get(key);
    merged.set(key, known ? { ...one, ways: withoutLonger([...known.ways, ...one.ways]) } : one);
  }
  return {
    findings: [...merged.values()],
    ends: some.reduce((sum, { ends }) => sum + ends, 0),
    uses: some.reduce((sum, { uses }) => sum + uses, 0),
    rc: some.find(({ rc }) => rc === 0)?.rc ?? some[0]?.rc,
    offersDax: some.some(({ offersDax }) => offersDax),
    chances: [...new Set(some.flatMap(({ chances }) => chances))],
    notChecked: [...new Set(some.flatMap(({ notChecked }) => notChecked))],
  };
}

/** The finding behind an item, with the way of the item alone: for its witness. */
export function findingOf(
  { findings }: AttachExploration,
  item: AttachItem,
  names: AttachNames,
): AttachFinding | undefined {
  const wanted = keyOf({ ...item, use: undefined });
  for (const one of findings) {
    const { kind, says, ways, use } = one;
    for (const what of thingsOf(kind, says)) {
      const way = ways.find((chances) => {
        const after = [...new Set(chances.map(names.functionOf))];
        return keyOf({ kind, what, after, use }) === wanted;
      });
      if (way !== undefined) return { ...one, ways: [way] };
    }
  }
  return undefined;
}

/** Every thing and way of its own; ways that say the same in C are one. */
function itemsOf({ findings }: AttachExploration, names: AttachNames): readonly Sided[] {
  const items = new Map<string, Sided>();
  for (const { kind, says, ways, use } of findings) {
    for (const what of thingsOf(kind, says)) {
      for (const chances of ways) {
        const after = [...new Set(chances.map(names.functionOf))];
        const item = { kind, what, after, use, chances };
        if (!items.has(keyOf(item))) items.set(keyOf(item), item);
      }
    }
  }
  const all = [...items.values()];
  // Where fewer failures do, more say nothing.
  return all.filter(
    (item) =>
      !all.some((other) => {
        const isSame = other.kind === item.kind && other.what === item.what;
        const isLess = other.after.length < item.after.length && isPart(other.after, item.after);
        return isSame && isLess && other.use === item.use;
      }),
  );
}

function keyOf({ kind, what, after, use }: Omit<Sided, 'chances'>): string {
  return JSON.stringify([kind, what, after.toSorted(), use]);
}

/** What a finding is about, without names, numbers and what follows from it. */
function thingsOf(kind: FindingKind, says: string): readonly string[] {
  const [first = ''] = says.split('; ', 1);
  switch (kind) {
    case 'leak':
    case 'twice': {
      const list = first.replace(/^[a-z ]*: /, '').replace(/ is freed twice$/, '');
      return [...new Set(list.split(', ').map((line) => thing(line)?.what ?? line))];
    }
    case 'rule':
      return [first.startsWith('I5') ? 'the queue says DAX, without a DAX device' : first];
    case 'LOST':
      return [first.replace(/ \(-\w+\)/, '')];
    case 'oops':
    case 'NULL':
      return [first];
  }
}

function thing(line: string) {
  return THINGS.find(({ starts }) => line.startsWith(starts));
}

/** Why something that the model finds cannot be found in the tree. */
function notComparable(
  item: Sided,
  names: AttachNames,
  tree: { readonly failing: ReadonlySet<string>; readonly learnt: AttachExploration },
): string | undefined {
  const { kind, what, use } = item;
  if (use !== undefined) return `only while it is used (${use}), and only the model is used`;
  if (kind === 'NULL') return 'the walk does not tell what is taken for a device';
  if (kind === 'rule' && !names.hasFlags) return 'the walk announces no features';
  if (kind === 'leak' || kind === 'twice') {
    const takenBy = THINGS.find((one) => one.what === what)?.takenBy ?? [];
    if (!takenBy.some((call) => names.called.has(call))) return 'the walk does not follow it';
  }
  const missing = item.chances.find((one) => !tree.failing.has(names.functionOf(one)));
  const where = missing === undefined ? undefined : names.elsewhere(missing);
  if (missing !== undefined && where !== undefined) {
    return `${names.functionOf(missing)}() fails in ${where}(), which was not walked`;
  }
  const [cut] = [...tree.learnt.notChecked, ...names.notChecked];
  if (cut !== undefined) return `not all ways of the tree were gone: ${cut}`;
  return undefined;
}

/** What explains a finding that one side has alone: the other has no such failure. */
function leftOut(
  item: Sided,
  failing: ReadonlySet<string>,
  other: 'model' | 'tree',
): string | undefined {
  const missing = item.after.find((one) => !failing.has(one));
  return missing === undefined ? undefined : `the ${other} has no ${missing}() that fails`;
}

function plain({ kind, what, after }: Sided, why?: string): AttachItem {
  return { kind, what, after, ...(why !== undefined && { why }) };
}

function ordered(items: readonly AttachItem[]): readonly AttachItem[] {
  const rank = ({ kind }: AttachItem): number => findingKinds.indexOf(kind);
  const text = (item: AttachItem): string => JSON.stringify([item.what, item.after, item.why]);
  return items.toSorted((a, b) => rank(a) - rank(b) || (text(a) < text(b) ? -1 : 1));
}

function withoutLonger(ways: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const kept: (readonly string[])[] = [];
  for (const way of ways.toSorted((a, b) => a.length - b.length)) {
    if (!kept.some((one) => isPart(one, way))) kept.push(way);
  }
  return kept;
}

function isPart(some: readonly string[], all: readonly string[]): boolean {
  return some.every((one) => all.includes(one));
}
