// CPUs over all kernels: the filters and the grid.

import { useMemo } from 'preact/hooks';
import { cpuGrid } from './cpu-model.ts';
import { FilterBar } from './filter-bar.tsx';
import { Grid } from './grid.tsx';
import { Legend } from './legend.tsx';
import type { ModeGiven } from './stack-mode.tsx';
import { textOf, toggled } from './state.ts';

/** The view by CPU. */
export function CpuMode({ plan, state, change, cpus: table, onOpen }: ModeGiven) {
  const { kernel, filters, open, cell } = state;
  const grid = useMemo(
    () => table && cpuGrid({ plan, table, filters, open, kernel }),
    [plan, table, filters, open, kernel],
  );
  const words = useMemo(() => new Set(table?.rows.flatMap((row) => row.words)), [table]);
  return (
    <>
      <FilterBar plan={plan} filters={filters} by="cpu" change={change} />
      {table === undefined ? (
        <p aria-busy="true">Judging every CPU under every kernel ...</p>
      ) : null}
      {grid?.rows.length === 0 ? (
        <p role="status" class="matrix-nothing">
          Nothing matches: no CPU is left by these filters.
        </p>
      ) : null}
      {grid !== undefined && grid.rows.length > 0 ? (
        <>
          <Grid
            model={grid}
            busy={false}
            chosen={cell === undefined ? undefined : `${cell}@${kernel}`}
            caption={`CPUs under ${plan.kernels.length} kernels: file systems with DAX on pmem`}
            onOpen={onOpen}
            onRow={(key) => change({ open: textOf(toggled(grid.open, key)) })}
            onGroup={() => undefined}
          />
          <Legend plan={plan} words={words} by="cpu" />
        </>
      ) : null}
    </>
  );
}
