// Shows that automata of real drivers find on the kernel model what our own models of them find,
// in both releases and where DAX is refused, and that one that is wrong shows each kind of
// difference.

import { describe, expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { treeState } from '../../kernel/index.ts';
import {
  dcssblkAutomaton,
  dcssblkLines,
  dm61Lines,
  dm612Lines,
  dmAutomaton,
  pmem61Lines,
  pmem612Lines,
  pmemAutomaton,
  virtio61Lines,
  virtio612Lines,
  virtioAutomaton,
} from '../../../test/attach-samples.ts';
import {
  type AttachComparison,
  type AttachItem,
  compareAttach,
  mergeExplorations,
} from './compare.ts';
import { type AttachDriver, attachDrivers, attachVariants } from './drivers.ts';
import { type AttachExploration, AttachExplorer, witnessOf } from './explore.ts';
import type { LearntAttach } from './learnt.ts';
import { learntVariant } from './learnt-run.ts';
import { learntText } from './learnt-text.ts';
import { namesOf } from './names.ts';
import type { AttachSystem } from './system.ts';

function system(id: string, changes: Partial<AttachSystem> = {}): AttachSystem {
  const { release, rules } = present(treeState(id), id);
  const config = { DAX: true, FS_DAX: true };
  return { release, rules, machine: 'skylake', gate: 'stock', config, ...changes };
}

const ALIASES = { machine: 'ultrasparc-2' } as const;
const REFUSED = { gate: 'EOPNOTSUPP' } as const;
const explorer = new AttachExplorer();

function own(driver: AttachDriver, on: AttachSystem): AttachExploration {
  const kinds = attachVariants.filter((one) => one.driver === driver && one.assumes === undefined);
  return mergeExplorations(kinds.map((one) => explorer.explore(one, on)));
}

const walked = (learnt: LearntAttach, driver: AttachDriver, on: AttachSystem) =>
  explorer.explore(learntVariant(learnt, driver), on);

function compared(learnt: LearntAttach, driver: AttachDriver, on: AttachSystem): AttachComparison {
  const tree = walked(learnt, driver, on);
  return compareAttach(own(driver, on), tree, namesOf(driver, learnt));
}

const text = ({ kind, what, after, why }: AttachItem) =>
  `${kind} ${what} <- ${after.join('+')}${why === undefined ? '' : `: ${why}`}`;
const texts = (items: readonly AttachItem[]) => items.map(text);

const pmem = { '6.1': pmemAutomaton(pmem61Lines), '6.12': pmemAutomaton(pmem612Lines) };
const BADBLOCKS = 'leak a disk <- devm_init_badblocks';
const HOST = 'leak a DAX device <- dax_add_host';
const LOST = 'LOST no device, though no step fails <- ';

describe('pmem', () => {
  test('6.1 leaks what the model leaks: a disk, and a DAX device that is stored too late', () => {
    const { agree, onlyModel, onlyTree, calls } = compared(pmem['6.1'], 'pmem', system('6.1'));
    expect(texts(agree)).toEqual([HOST, BADBLOCKS]);
    expect([onlyModel, onlyTree]).toEqual([[], []]);
    expect(calls).toEqual({ onlyModel: [], onlyTree: [] });
  });

  test('6.12 leaks the disk alone, and survives a refusal that its queue does not know of', () => {
    const coherent = compared(pmem['6.12'], 'pmem', system('6.12'));
    expect(texts(coherent.agree)).toEqual([BADBLOCKS]);
    for (const on of [system('6.12', ALIASES), system('6.12', REFUSED)]) {
      const { agree, onlyModel, onlyTree } = compared(pmem['6.12'], 'pmem', on);
      const rule = 'rule the queue says DAX, without a DAX device <- ';
      expect(texts(agree)).toEqual([BADBLOCKS, rule]);
      expect([onlyModel, onlyTree]).toEqual([[], []]);
    }
  });

  test('6.1 has no disk where alloc_dax() refuses', () => {
    const { agree, onlyModel, onlyTree } = compared(pmem['6.1'], 'pmem', system('6.1', REFUSED));
    expect(texts(agree)).toEqual([LOST, BADBLOCKS]);
    expect([onlyModel, onlyTree]).toEqual([[], []]);
  });

  test('offers DAX as the model does, in all of its kinds', () => {
    const { rc, offersDax, notChecked } = walked(pmem['6.12'], 'pmem', system('6.12'));
    expect([rc, offersDax, notChecked]).toEqual([0, true, []]);
    expect(walked(pmem['6.12'], 'pmem', system('6.12', ALIASES)).offersDax).toBe(false);
  });

  test('what only use finds is named and not compared', () => {
    const { notComparable } = compared(pmem['6.12'], 'pmem', system('6.12', REFUSED));
    expect(texts(notComparable)).toEqual([
      'oops NULL pointer dereference in dax_holder_notify_failure() <- : only while it is used ' +
        '(memory of the disk fails), and only the model is used',
      'oops NULL pointer dereference in dax_write_cache() <- : only while it is used ' +
        '(dax/write_cache is written), and only the model is used',
      'oops NULL pointer dereference in dax_write_cache_enabled() <- : only while it is used ' +
        '(dax/write_cache is read), and only the model is used',
    ]);
  });
});

test.each([
  ['6.1', 'dm', dmAutomaton(dm61Lines)],
  ['6.12', 'dm', dmAutomaton(dm612Lines)],
  ['6.1', 'virtio-fs', virtioAutomaton(virtio61Lines)],
  ['6.12', 'virtio-fs', virtioAutomaton(virtio612Lines)],
] as const)('%s: nothing is lost by %s', (id, driver, learnt) => {
  for (const on of [system(id), system(id, ALIASES), system(id, REFUSED)]) {
    const { agree, onlyModel, onlyTree } = compared(learnt, driver, on);
    const isFatal = id === '6.1' && on.gate !== 'stock';
    expect(texts(agree).filter((one) => one !== LOST)).toEqual([]);
    expect([onlyModel, onlyTree]).toEqual([[], []]);
    expect(agree).toHaveLength(isFatal ? 1 : 0);
  }
});

test('virtio-fs has no window where DAX is refused, and attaches', () => {
  const { rc, offersDax } = walked(virtioAutomaton(virtio612Lines), 'virtio-fs', system('6.12'));
  expect([rc, offersDax]).toEqual([0, true]);
  const on = system('6.12', REFUSED);
  const refused = walked(virtioAutomaton(virtio612Lines), 'virtio-fs', on);
  expect([refused.rc, refused.offersDax]).toEqual([0, false]);
});

test('dcssblk: a refusal is the end, and what the walk does not follow is named', () => {
  const on = system('6.12', { machine: 'ibm-z13', ...REFUSED });
  const { agree, onlyModel, onlyTree, notComparable, calls } = compared(
    dcssblkAutomaton(dcssblkLines),
    'dcssblk',
    on,
  );
  expect(texts(agree)).toEqual([LOST]);
  expect([onlyModel, onlyTree]).toEqual([[], []]);
  expect(texts(notComparable)).toEqual([
    'leak a reference of the module <- : the walk does not follow it',
    'leak a registered device <- : the walk does not follow it',
    'leak a segment <- kzalloc: the walk does not follow it',
  ]);
  expect(calls.onlyTree).toEqual(['dcssblk_assign_free_minor', 'kmalloc']);
});

describe('an automaton that is wrong', () => {
  const changed = (from: string, to: string) => {
    expect(pmem612Lines).toContain(from);
    return pmemAutomaton(pmem612Lines.replace(from, to));
  };
  const differs = (learnt: LearntAttach, on = system('6.12')) => {
    const { onlyModel, onlyTree } = compared(learnt, 'pmem', on);
    return [texts(onlyModel), texts(onlyTree)];
  };

  test('loses what the model gives back', () => {
    const learnt = changed(
      'call dax_add_host #1 ok error>clean',
      'call dax_add_host #1 ok error>out',
    );
    expect(differs(learnt)).toEqual([[], [HOST]]);
  });

  test('gives back what the model loses', () => {
    const learnt = changed(
      'devm_init_badblocks ok error>nomem',
      'devm_init_badblocks ok error>out',
    );
    expect(differs(learnt)).toEqual([[BADBLOCKS], []]);
  });

  test('loses something after a call that the model does not have', () => {
    const learnt = changed('mapped: ', 'mapped: call new_call ok error>fails\n');
    const item = 'leak a disk <- new_call: the model has no new_call() that fails';
    expect(differs(learnt)).toEqual([[], [item]]);
    const { calls } = compared(learnt, 'pmem', system('6.12'));
    expect(calls).toEqual({ onlyModel: [], onlyTree: ['new_call'] });
  });

  test('takes a refusal for fatal', () => {
    const learnt = changed('-EOPNOTSUPP>without error>out', 'error>out');
    const rule = 'rule the queue says DAX, without a DAX device <- ';
    expect(differs(learnt, system('6.12', REFUSED))).toEqual([[rule], [LOST]]);
  });

  test('uses an error pointer, and NULL', () => {
    const on = system('6.12', REFUSED);
    const error = changed('-EOPNOTSUPP>without error>out', 'error');
    expect(differs(error, on)[1]).toContain(
      'oops use of error pointer -95 in set_dax_nocache() <- ',
    );
    const dies = changed('call set_dax_nocache #1', 'call set_dax_nocache NULL');
    expect(differs(dies)[1]).toEqual(['oops NULL pointer dereference in set_dax_nocache() <- ']);
  });

  test('frees twice, uses what is freed, and frees what lives', () => {
    const twice = changed('out: call put_disk #0', 'out: call put_disk #0\ncall put_disk #0');
    expect(differs(twice)[1]).toContain('twice a disk <- device_add_disk');
    const daxTwice = changed('clean: call kill_dax #1', 'clean: call kill_dax #1\ncall put_dax #1');
    expect(differs(daxTwice)[1]).toContain('twice a DAX device <- dax_add_host');
    const after = changed(
      'clean: call kill_dax #1\n  call put_dax #1',
      'clean: call put_dax #1\ncall kill_dax #1',
    );
    expect(differs(after)[1]).toContain('oops use after free in kill_dax() <- dax_add_host');
    const alive = changed('clean: call kill_dax #1\n', 'clean: store x #1\n');
    expect(differs(alive)[1]?.join()).toMatch(/rule I2: .* <- dax_add_host/);
  });

  test('keeps the host entry of a device that goes', () => {
    const learnt = changed('late: call dax_remove_host #1', 'late: store x #1');
    expect(differs(learnt)[1]).toEqual(['leak a host entry <- devm_add_action_or_reset']);
  });
});

describe('a walk that was cut off', () => {
  test('ends in `not checked`', () => {
    const half = pmemAutomaton(pmem612Lines.replace('ok error>clean', 'ok'), ['too many ways']);
    expect(walked(half, 'pmem', system('6.12')).notChecked).toEqual([
      'drivers/nvdimm/pmem.c:120: dax_add_host() gives -ENOMEM (too many ways)',
    ]);
  });

  test('may lack what the model finds', () => {
    const lines = pmem612Lines.replace('devm_init_badblocks ok error>nomem', 'devm_init_badblocks');
    const of = (notChecked: readonly string[]) =>
      compared(pmemAutomaton(lines, notChecked), 'pmem', system('6.12'));
    expect(texts(of([]).onlyModel)).toEqual([
      `${BADBLOCKS}: the tree has no devm_init_badblocks() that fails`,
    ]);
    expect(of(['too many ways']).onlyModel).toEqual([]);
    expect(texts(of(['too many ways']).notComparable)).toContain(
      `${BADBLOCKS}: not all ways of the tree were gone: too many ways`,
    );
  });

  test('nowhere, in a circle, with what was never made', () => {
    const on = system('6.12');
    const why = (lines: string) => walked(pmemAutomaton(lines), 'pmem', on).notChecked;
    expect(why('attached cut')).toEqual(['the walk of pmem_attach_disk() ends before its ways do']);
    expect(why('a: call foo ok>a')).toEqual(['pmem_attach_disk() runs in a circle']);
    expect(why('call put_dax #3\nfailed')[0]).toContain('not known to be made');
    expect(why('detached')).toEqual(['the attach ends in a detach']);
    expect(why('attached\nattached')).toEqual(['the detach ends in an attach']);
    expect(why('call alloc_dax #0\ncall dax_add_host NULL\nfailed')[0]).toContain('gets NULL');
  });

  test('a loop is gone through once; one question has one answer', () => {
    const lines = `
      loop: ask more body end
      body: call step ok>loop error>bad
      end: ask more yes -
      failed
      bad: failed
      yes: attached
      detached`;
    const { ends, findings, notChecked } = walked(pmemAutomaton(lines), 'pmem', system('6.12'));
    expect([ends, findings, notChecked]).toEqual([3, [], []]);
  });

  test('too many ways are cut off by number', () => {
    const lines = Array.from(
      { length: 14 },
      (_, i) => `ask question${i} - n${i}\nstore x NULL\nn${i}: store y NULL`,
    );
    const { ends, notChecked } = walked(
      pmemAutomaton([...lines, 'attached', 'detached'].join('\n')),
      'pmem',
      system('6.12'),
    );
    expect([ends, notChecked]).toEqual([4000, ['ways beyond the first 4000']]);
  });
});

test('the witness of a leak has the steps of the tree with their places', () => {
  const on = system('6.1');
  const variant = learntVariant(pmem['6.1'], 'pmem');
  const { findings } = explorer.explore(variant, on);
  const leak = present(
    findings.find(({ ways }) => ways[0]?.[0] === 'xa_insert dax_hosts'),
    'leak',
  );
  const events = witnessOf(variant, on, leak);
  const steps = events.flatMap((one) => (one.kind === 'step' ? [one.says] : []));
  expect(steps.slice(-4)).toEqual([
    'dax_add_host(dax_device #1)',
    'kill_dax(NULL)',
    'put_dax(NULL)',
    'put_disk(gendisk #0)',
  ]);
  expect(events.at(-1)).toEqual({ kind: 'note', says: 'never given back: a DAX device' });
});

test('every chance of our own models has a name in C', () => {
  for (const driver of attachDrivers) {
    const learnt = pmemAutomaton('failed');
    const { functionOf } = namesOf(driver, learnt);
    for (const id of ['6.1', '6.12', '7.3']) {
      for (const chance of own(driver, system(id)).chances) {
        // Names that are not in the table are the first word alone, as C would have it.
        expect(functionOf(chance), chance).toMatch(/^[a-z_0-9]+$/);
        expect(['ida_alloc_max', 'xa_insert', 'idr_alloc', 'alloc_inode']).not.toContain(
          functionOf(chance),
        );
      }
    }
  }
});

test('an automaton as text', () => {
  const lines =
    'call alloc_dax #0 ok -EOPNOTSUPP>end\nask sync - -\nstore a->b NULL\nflag F\nend: failed';
  expect(learntText(pmemAutomaton(`${lines}\nattached\ndetached`, ['loops']))).toBe(
    `pmem_attach_disk  (drivers/nvdimm/pmem.c:90)
  #0: dax_device of alloc_dax()  (line 100)
0  alloc_dax(dax_device #0)  (line 100)  ok -> 1, -EOPNOTSUPP -> 4
1  sync?  (line 101)  yes -> 2, no -> 2
2  a->b = NULL  (line 102)  -> 3
3  announces F  (line 103)  -> 4
4  failed
5  attached  -> 6
6  detached
not checked: loops
`,
  );
});
