// The matrix: which stacks of driver, file system and option work on which CPU under which kernel.

import { useEffect, useMemo, useRef } from 'preact/hooks';
import './style.css';
import type { Problem } from '../../../base/index.ts';
import { fragmentOf, type Link } from '../../link/index.ts';
import { CopyButton, Fault, Problems, useAnswer, useKeys } from '../../ui/index.ts';
import type { ViewProps } from '../../views.ts';
import { ask, warm } from '../../worker/client.ts';
import type { Plan } from './asks.ts';
import { CpuMode } from './cpu-mode.tsx';
import { commandOf, problemsOf } from './filters.ts';
import { NO_FILTERS } from './filter-bar.tsx';
import { LANE, useKernels } from './kernels.ts';
import { Panel } from './panel.tsx';
import { StackMode } from './stack-mode.tsx';
import { type Change, changeOf, type MatrixState, stateOf, USUAL_KERNEL } from './state.ts';
import { cellWords } from './stack-model.ts';
import { cpuWords } from './cpu-model.ts';

// Its modules are loaded while the page is drawn for the first time.
warm(LANE);

/** The matrix that the link says. */
export default function MatrixView({ link, go }: ViewProps) {
  const plan = useAnswer('matrix-plan', {}, LANE);
  const state = useMemo(() => stateOf(link.params), [link]);
  const change = changeOf(link, go);
  return (
    <>
      <div class="matrix-top">
        <h1>Matrix</h1>
        <p class="matrix-lead">{LEADS[state.by]}</p>
        <Modes by={state.by} change={change} />
        <p class="matrix-lead matrix-start">
          <kbd>g</kbd>, then <kbd>Enter</kbd>, opens a cell.{' '}
          <a href={fragmentOf(ALIAS)}>See an alias happen: step through CoWR on an ARM1176</a>
        </p>
      </div>
      {plan.state === 'fault' ? <Fault message={plan.message} /> : null}
      {plan.state === 'waiting' ? <p aria-busy="true">Loading the machines ...</p> : null}
      {plan.state === 'here' ? <Planned plan={plan.answer} state={state} change={change} /> : null}
    </>
  );
}

const LEADS = {
  stack:
    'Which stacks of driver, file system and mount option give DAX on which CPU, and whether ' +
    'that is right.',
  cpu: 'Which CPUs get DAX on pmem under which kernel, and whether that is right.',
} as const;

/** Two copies of one line side by side, one of them old. */
const ALIAS: Link = {
  view: 'witness',
  params: { machine: 'arm1176-32k', test: 'CoWR+k+u+other' },
};

/** What both modes are given. */
export interface ModeProps {
  readonly plan: Plan;
  readonly state: MatrixState;
  readonly change: Change;
}

function Planned({ plan, state: linked, change }: ModeProps) {
  const isKnown = plan.kernels.some(({ id }) => id === linked.kernel);
  const state = isKnown ? linked : { ...linked, kernel: USUAL_KERNEL };
  const { kernel, by, filters, cell } = state;
  const judged = useKernels(plan, kernel);
  const asked = useAnswer('matrix-cpus', by === 'cpu' ? {} : undefined, LANE);
  const cpus = asked.state === 'here' ? asked.answer : undefined;
  const takesFocus = useRef(false);
  useMatrixKeys({ plan, state, change });
  useEffect(() => {
    takesFocus.current = false;
  }, [cell]);
  const open = (name: string): void => {
    const [id = '', at] = name.split('@');
    takesFocus.current = true;
    change(at === undefined ? { cell: id } : { cell: id, kernel: at });
  };
  const close = (): void => {
    change({ cell: '' });
    focusGrid();
  };
  const refused = problemsOf(plan, filters);
  const problems = [...kernelProblems(plan, linked.kernel), ...refused];
  const command = commandOf(plan, filters, by === 'stack' ? kernel : undefined);
  const copied = by === 'stack' ? { kernel, filters } : { filters };
  const Mode = by === 'stack' ? StackMode : CpuMode;
  return (
    <>
      {problems.length === 0 ? null : <Problems problems={problems} />}
      {asked.state === 'fault' ? <Fault message={asked.message} /> : null}
      {judged.fault === undefined ? null : <Fault message={judged.fault} />}
      <div class={cell === undefined ? 'matrix-body' : 'matrix-body matrix-split'}>
        <div class="matrix-main">
          <Mode
            plan={plan}
            state={state}
            change={change}
            judged={judged.words}
            cpus={cpus}
            onOpen={open}
          />
          <CommandLine
            command={command}
            isRefused={refused.length > 0}
            text={async () => (await ask('matrix-text', copied, { lane: LANE })).text}
          />
        </div>
        {cell === undefined ? null : (
          <Panel
            plan={plan}
            cell={cell}
            kernel={kernel}
            words={
              by === 'stack' ? cellWords(plan, judged.words, cell) : cpuWords(plan, cpus, cell)
            }
            takesFocus={takesFocus.current}
            onClose={close}
            onCell={(name) => change({ cell: name }, { replace: true })}
            onKernel={(id) => change({ kernel: id }, { replace: true })}
          />
        )}
      </div>
    </>
  );
}

/** The command that prints the same, and its text; what it refuses has none. */
function CommandLine({
  command,
  isRefused,
  text,
}: {
  readonly command: string;
  readonly isRefused: boolean;
  readonly text: () => Promise<string>;
}) {
  return (
    <p class="matrix-command">
      <code>{command}</code>{' '}
      {isRefused ? (
        <span class="hint">is refused by the command line as well</span>
      ) : (
        <CopyButton label="Copy as text" text={text} shortcut="c" />
      )}
    </p>
  );
}

function Modes({ by, change }: Pick<ModeProps, 'change'> & Pick<MatrixState, 'by'>) {
  return (
    <div class="matrix-modes" role="group" aria-label="What the table shows">
      <button
        type="button"
        aria-pressed={by === 'stack'}
        onClick={() => change({ by: '', cell: '', open: '' })}
      >
        By stack
      </button>
      <button
        type="button"
        aria-pressed={by === 'cpu'}
        onClick={() => change({ by: 'cpu', cell: '', open: '' })}
      >
        By CPU over kernels
      </button>
    </div>
  );
}

function kernelProblems({ kernels }: Plan, kernel: string): readonly Problem[] {
  const ids = kernels.map(({ id }) => id);
  if (ids.includes(kernel)) return [];
  return [{ what: `there is no kernel ${kernel}`, hint: `known: ${ids.join(', ')}` }];
}

/** The acts of both modes that have a key of their own. */
function useMatrixKeys({ plan, state: { kernel, by }, change }: ModeProps): void {
  const ids = plan.kernels.map(({ id }) => id);
  const move = (steps: number): void => {
    const next = ids[ids.indexOf(kernel) + steps];
    if (next !== undefined) change({ kernel: next }, { replace: true });
  };
  useKeys([
    { keys: ['['], does: 'the kernel before', act: () => move(-1) },
    { keys: [']'], does: 'the kernel after', act: () => move(1) },
    {
      keys: ['/'],
      does: 'search a CPU',
      act: () => document.getElementById('matrix-find')?.focus(),
    },
    { keys: ['g'], does: 'go to the table: arrows move, Enter opens', act: focusGrid },
    {
      keys: ['m'],
      does: 'by stack, or by CPU over kernels',
      act: () => change({ by: by === 'stack' ? 'cpu' : '', cell: '', open: '' }),
    },
    { keys: ['x'], does: 'clear the filters', act: () => change(NO_FILTERS) },
  ]);
}

function focusGrid(): void {
  document.querySelector<HTMLElement>('.matrix-grid [tabindex="0"]')?.focus();
}
