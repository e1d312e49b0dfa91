// States of the tree: before the series, after each of its patches, and in releases. A state is all
// rules together, each of them from the last patch that changed it, or from the tree below.

import { present, type Source } from '../../base/index.ts';
import type { ReleaseId } from '../linux.ts';
import { type Patch, revisions } from './patches.ts';
import type { SeriesRules } from './rules.ts';

/** One state of the tree. */
export interface TreeState {
  /** `v4/00` before the first patch of v4, `v4/12` after the last one, `6.1` for a release. */
  readonly id: string;
  readonly title: string;
  readonly rules: SeriesRules;
  /** The release whose text stands for all that the series does not touch. */
  readonly release: ReleaseId;
  readonly source: Source;
  /** What in this state is not verified; empty where all of it is. */
  readonly notes: readonly string[];
}

/** States in the order in which one follows the other. */
export interface StateSeries {
  readonly id: string;
  readonly title: string;
  /** Each state is one patch on the one before; else they are trees side by side. */
  readonly isPatchwise: boolean;
  readonly states: readonly TreeState[];
}

/** 6.1, and every tree before the series: nothing has changed in between. */
const before: SeriesRules = {
  alloc_dax_stub: 'NULL',
  setter_stubs: 'none',
  alias_test: 'none',
  alias_exempt: 'nobody',
  alias_refusal: '-EOPNOTSUPP',
  predicate: 'none',
  fs_dax_gate: 'arch list',
  pmem_test: 'IS_ERR',
  pmem_refused: 'fails',
  pmem_assigns: 'after dax_add_host',
  dm_asks: 'with FS_DAX',
  dm_test: 'IS_ERR',
  dm_refused: 'fails',
  dcssblk_test: 'IS_ERR',
  dcssblk_refused: 'fails',
  dcssblk_maps: 'no pages',
  virtio_order: 'window first',
  virtio_test: 'IS_ERR',
  virtio_refused: 'fails',
  virtio_autofree: 'none',
  dev_dax_test: 'IS_ERR',
};

const merged: SeriesRules = revisions.reduce<SeriesRules>(
  (rules, one) => (one.id === 'v6' ? apply(one.patches, { ...rules, ...one.onto }) : rules),
  before,
);

function apply(patches: readonly Patch[], rules: SeriesRules): SeriesRules {
  return patches.reduce<SeriesRules>((all, { changes }) => ({ ...all, ...changes }), rules);
}

function release(
  id: string,
  options: { readonly rules: SeriesRules; readonly as: ReleaseId; readonly notes?: string },
): TreeState {
  const { rules, as, notes } = options;
  const source: Source = {
    kind: 'kernel',
    file: 'drivers/dax/super.c',
    symbol: 'alloc_dax',
    release: id,
  };
  const title = `Linux ${id}`;
  return { id, title, rules, release: as, source, notes: notes === undefined ? [] : [notes] };
}

const releases: StateSeries = {
  id: 'releases',
  title: 'releases before, with and after the series',
  isPatchwise: false,
  states: [
    release('6.1', { rules: before, as: '6.1' }),
    release('6.12', { rules: merged, as: '6.12' }),
    release('7.3', {
      rules: { ...merged, dcssblk_maps: 'pages' },
      as: '6.12',
      notes: 'all that the series does not touch is as in 6.12',
    }),
  ],
};

/** All series of states, by id. */
export const stateSeries: readonly StateSeries[] = [
  ...revisions.map(({ id, date, onto, patches, notes }): StateSeries => {
    const base: SeriesRules = { ...before, ...onto };
    const first: TreeState = {
      id: `${id}/00`,
      title: 'the tree before the first patch (6.8-rc)',
      rules: base,
      release: '6.12',
      source: { kind: 'inference', why: 'no tree of 6.8-rc is recorded; as 6.1 in these rules' },
      notes,
    };
    const after = patches.map(({ number, subject, source }, i): TreeState => {
      const rules = apply(patches.slice(0, i + 1), base);
      return { id: `${id}/${number}`, title: subject, rules, release: '6.12', source, notes };
    });
    const title = `${id} of the series, ${date}, ${patches.length} patches`;
    return { id, title, isPatchwise: true, states: [first, ...after] };
  }),
  releases,
];

/** The state with an id; `v4` alone means all of v4. */
export function treeState(id: string): TreeState | undefined {
  for (const { id: series, states } of stateSeries) {
    if (id === series) return states.at(-1);
    const found = states.find((state) => state.id === id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The rules of a release that is modelled. */
export function releaseRules(id: ReleaseId): SeriesRules {
  return present(treeState(id), `state of ${id}`).rules;
}
