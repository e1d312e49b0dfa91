// Which state of the tree that the model knows is nearest to an audited one: by what its C says of
// alloc_dax() and its callers, and among equals by its release.

import { present } from '../base/index.ts';
import {
  type RuleChange,
  ruleInfos,
  type SeriesRules,
  stateSeries,
  type TreeState,
} from '../kernel/index.ts';
import type { AllocDaxCaller, AllocDaxFacts } from './c/index.ts';

/** The state with which a tree is compared. */
export interface NearestState {
  readonly state: TreeState;
  /** The release of the tree is that of the state. */
  readonly isOwn: boolean;
  /** What the tree says otherwise: `from` the state, `to` the tree. */
  readonly differs: readonly RuleChange[];
}

/** The nearest state of all series. */
export function nearestState(release: string, facts: AllocDaxFacts): NearestState {
  const rules = rulesOf(facts);
  const ranked = stateSeries.flatMap(({ isPatchwise, states }) =>
    states.map((state) => {
      const differs = differences(state.rules, rules);
      const version = isPatchwise ? BEFORE_SERIES : minor(state.id);
      const distance = Math.abs(minor(release) - version);
      return { state, differs, isPatchwise, distance };
    }),
  );
  // A release stands before a patch of the series that says the same.
  const [best] = ranked.toSorted(
    (a, b) =>
      a.differs.length - b.differs.length ||
      Number(a.isPatchwise) - Number(b.isPatchwise) ||
      a.distance - b.distance,
  );
  const { state, differs } = present(best, 'state of the catalogue');
  return { state, differs, isOwn: minor(release) === minor(state.id) };
}

/** Patches of the series were posted for 6.8. */
const BEFORE_SERIES = 6008;

/** 6012 for `6.12.117`; releases are compared by it. */
function minor(release: string): number {
  const [version = '0', patchlevel = '0'] = release.split('.');
  return Number.parseInt(version, 10) * 1000 + (Number.parseInt(patchlevel, 10) || 0);
}

type Rules = Partial<SeriesRules>;

function differences(state: SeriesRules, tree: Rules): readonly RuleChange[] {
  return ruleInfos.flatMap((rule) => {
    const said = tree[rule.name];
    if (said === undefined || said === state[rule.name]) return [];
    return [{ rule, from: state[rule.name], to: said }];
  });
}

/** Rules that the facts of an audit decide. */
function rulesOf(facts: AllocDaxFacts): Rules {
  const caller = (file: string): AllocDaxCaller | undefined =>
    facts.callers.find((one) => one.place.file === file);
  return {
    ...gateRules(facts),
    ...pmemRules(caller('drivers/nvdimm/pmem.c')),
    ...dmRules(caller('drivers/md/dm.c')),
    ...dcssblkRules(caller('drivers/s390/block/dcssblk.c')),
    ...virtioRules(caller('fs/fuse/virtio_fs.c')),
  };
}

function gateRules({ definition, stub }: AllocDaxFacts): Rules {
  const returns = stub?.returns.kind;
  const stubbed: Rules =
    returns === undefined || returns === 'other' ? {} : { alloc_dax_stub: returns };
  if (definition === undefined) return stubbed;
  const [test] = definition.aliasTests;
  if (test === undefined) return { ...stubbed, alias_test: 'none' };
  const refusal = test.returns.kind;
  return {
    ...stubbed,
    alias_test: test.by === 'predicate' ? 'predicate' : 'arch list',
    alias_exempt: test.exemptsNullOps ? 'NULL ops' : 'nobody',
    ...(refusal !== 'other' && { alias_refusal: refusal }),
  };
}

function pmemRules(caller: AllocDaxCaller | undefined): Rules {
  if (caller === undefined) return {};
  const refused = refusedOf(caller);
  const test = testOf(caller);
  const assigns = assignsOf(caller);
  return {
    ...(test !== undefined && { pmem_test: test }),
    ...(refused !== undefined && { pmem_refused: refused }),
    ...(assigns !== undefined && { pmem_assigns: assigns }),
  };
}

function assignsOf({ storeOrder }: AllocDaxCaller): SeriesRules['pmem_assigns'] | undefined {
  if (storeOrder === 'before-host') return 'before dax_add_host';
  return storeOrder === 'after-host' ? 'after dax_add_host' : undefined;
}

function dmRules(caller: AllocDaxCaller | undefined): Rules {
  if (caller === undefined) return {};
  const refused = refusedOf(caller);
  const test = testOf(caller);
  const isGuarded = caller.guards.some((guard) => guard.includes('CONFIG_FS_DAX'));
  return {
    dm_asks: isGuarded ? 'with FS_DAX' : 'always',
    ...(test !== undefined && { dm_test: test }),
    ...(refused !== undefined && { dm_refused: refused }),
  };
}

function dcssblkRules(caller: AllocDaxCaller | undefined): Rules {
  if (caller === undefined) return {};
  const refused = refusedOf(caller);
  const test = testOf(caller);
  return {
    ...(test !== undefined && { dcssblk_test: test }),
    ...(refused !== undefined && { dcssblk_refused: refused }),
  };
}

function virtioRules(caller: AllocDaxCaller | undefined): Rules {
  if (caller === undefined) return {};
  const refused = refusedOf(caller);
  const test = testOf(caller);
  return {
    ...(test !== undefined && { virtio_test: test }),
    ...(refused !== undefined && { virtio_refused: refused }),
  };
}

function testOf({ tests }: AllocDaxCaller): SeriesRules['pmem_test'] | undefined {
  if (tests.some(({ kind }) => kind === 'IS_ERR_OR_NULL')) return 'IS_ERR_OR_NULL';
  return tests.some(({ kind }) => kind === 'IS_ERR') ? 'IS_ERR' : undefined;
}

function refusedOf({
  onEopnotsupp,
  onOtherError,
}: AllocDaxCaller): SeriesRules['pmem_refused'] | undefined {
  if (onEopnotsupp.kind === 'fatal') return 'fails';
  if (onEopnotsupp.kind !== 'survives') return undefined;
  return onOtherError.kind === 'survives' ? 'goes on after any error' : 'goes on';
}
