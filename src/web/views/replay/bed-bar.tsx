// On what the scenarios run: machine, kernel, gate, and what is taken as given.

import { Picker } from '../../ui/index.ts';
import type { BedChoice, ReplayListAnswer } from './asks.ts';

const kernels = [
  { value: '', label: 'as recorded' },
  { value: '6.1', label: '6.1' },
  { value: '6.12', label: '6.12' },
];

const gates = [
  { value: '', label: 'as recorded' },
  { value: 'open', label: 'open: alloc_dax() lets all through' },
  { value: 'stock', label: "stock: the kernel's own predicate" },
  { value: 'EOPNOTSUPP', label: 'EOPNOTSUPP: alloc_dax() refuses' },
  { value: 'ENOMEM', label: 'ENOMEM: alloc_dax() fails' },
];

/** The pickers. */
export function BedBar({
  bed,
  machines,
  onChoose,
}: {
  readonly bed: BedChoice;
  readonly machines: ReplayListAnswer['machines'];
  readonly onChoose: (bed: BedChoice) => void;
}) {
  const known = machines.map(({ id, label, arch }) => ({ value: id, label, group: arch }));
  return (
    <div class="bar">
      <Picker
        label="Machine"
        value={bed.machine}
        choices={[{ value: '', label: 'as recorded' }, ...known]}
        onChoose={(machine) => onChoose({ ...bed, machine })}
      />
      <Picker
        label="Kernel"
        value={bed.kernel}
        choices={kernels}
        onChoose={(kernel) => onChoose({ ...bed, kernel })}
      />
      <Picker
        label="Gate"
        value={bed.gate}
        choices={gates}
        onChoose={(gate) => onChoose({ ...bed, gate })}
      />
      <label class="replay-fresh">
        <input
          type="checkbox"
          checked={bed.fresh}
          onChange={({ currentTarget }) => onChoose({ ...bed, fresh: currentTarget.checked })}
        />{' '}
        Fresh: take nothing as given
      </label>
    </div>
  );
}
