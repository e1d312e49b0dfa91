// The stacks of one kernel: the slider, the filters, the counts, what changed, and the grid.

import { useEffect, useMemo, useRef } from 'preact/hooks';
import { announce } from '../../ui/index.ts';
import type { CpuTable, KernelWords } from './asks.ts';
import { FilterBar, VerdictChips } from './filter-bar.tsx';
import { Grid } from './grid.tsx';
import { Legend } from './legend.tsx';
import { KernelSlider } from './slider.tsx';
import { stackChanges, stackCounts, type StackGiven, stackGrid } from './stack-model.ts';
import { textOf, toggled } from './state.ts';
import type { ModeProps } from './view.tsx';
import { spokenOf } from './words.ts';

/** What both modes get besides. */
export interface ModeGiven extends ModeProps {
  readonly judged: ReadonlyMap<string, KernelWords>;
  /** CPUs over kernels, where they are asked for and here. */
  readonly cpus: CpuTable | undefined;
  readonly onOpen: (cell: string) => void;
}

/** The view by stack. */
export function StackMode({ plan, state, change, judged, onOpen }: ModeGiven) {
  const { kernel, filters } = state;
  const last = useRef<KernelWords | undefined>(undefined);
  const words = judged.get(kernel) ?? last.current;
  last.current = words;
  const index = plan.kernels.findIndex(({ id }) => id === words?.kernel);
  const before = judged.get(plan.kernels[index - 1]?.id ?? '');
  const { open, wide, cell } = state;
  const told = useMemo(
    () => words && toldOf({ plan, words, before, filters, open, wide }),
    [plan, words, before, filters, open, wide],
  );
  const isHere = words?.kernel === kernel;
  useAnnounced(isHere && told ? `${kernel}: ${told.counted}` : '');
  return (
    <>
      <KernelSlider
        kernels={plan.kernels}
        value={kernel}
        onChoose={(id) => change({ kernel: id }, { replace: true })}
      />
      <FilterBar plan={plan} filters={filters} by="stack" change={change} />
      {told === undefined ? (
        <p aria-busy="true">Judging every stack under {kernel} ...</p>
      ) : (
        <>
          <VerdictChips plan={plan} filters={filters} counts={told.counts} change={change} />
          <p class="quiet matrix-changes">{told.changed}</p>
          {told.grid.rows.length === 0 ? (
            <p role="status" class="matrix-nothing">
              Nothing matches: no cell is left by these filters.
            </p>
          ) : (
            <>
              <Grid
                model={told.grid}
                busy={!isHere}
                chosen={cell}
                caption={
                  <Caption title={plan.kernels[index]?.title ?? ''} counted={told.counted} />
                }
                onOpen={onOpen}
                onRow={(key) => change({ open: textOf(toggled(told.grid.open, key)) })}
                onGroup={(key) => change({ wide: textOf(toggled(told.grid.wide, key)) })}
              />
              <Legend plan={plan} words={new Set(told.counts.keys())} by="stack" />
            </>
          )}
        </>
      )}
    </>
  );
}

function Caption({ title, counted }: { readonly title: string; readonly counted: string }) {
  return (
    <>
      {title}: {counted}
    </>
  );
}

/** Words that nobody counts. */
const QUIET = ['.', 'none', '-'];

function toldOf(given: StackGiven) {
  const { plan, words, before, filters } = given;
  const counts = stackCounts(plan, words, filters);
  const loud = [...counts].filter(([word]) => !QUIET.includes(word));
  const counted = loud.map(([word, count]) => `${count} ${word}`).join(', ') || 'no verdict';
  const changes = before && stackChanges(plan, { before, words }, filters);
  const moves = changes
    ?.map(({ from, to, cells }) => `${cells} ${spokenOf(from)} \u2192 ${spokenOf(to)}`)
    .slice(0, 6);
  const changed =
    before === undefined
      ? ''
      : moves === undefined || moves.length === 0
        ? `Against ${before.kernel} no cell changed.`
        : `Against ${before.kernel}: ${moves.join(', ')}.`;
  return { grid: stackGrid(given), counts, counted, changed };
}

/** Tells screen readers when what is shown changes, but not what the page starts with. */
function useAnnounced(text: string): void {
  const first = useRef(true);
  useEffect(() => {
    if (text === '') return;
    if (!first.current) announce(text);
    first.current = false;
  }, [text]);
}
