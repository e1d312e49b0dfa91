// The automaton of an attach function: which one, whose path is marked, the drawing with its table,
// and the keys that go along the path.

import { useRef } from 'preact/hooks';
import type { ShownAttachAudit, ShownDriver } from '../../../../forms/index.ts';
import { announce, Fault, Figure, Picker, useAnswer, useKeys } from '../../../ui/index.ts';
import type { ViewProps } from '../../../views.ts';
import type { AuditDrawAnswer } from '../asks.ts';
import { placeText, type Row } from '../filters.ts';
import { Comparison } from './comparison.tsx';
import { AutomatonDrawing } from './drawing.tsx';
import type { Extent } from './graph.ts';
import { AutomatonTable, WayTable } from './tables.tsx';
import { DrawingActions, useSight, useZoom } from './zoom.tsx';

/** The attach functions of a run, its findings, and the one that is open. */
export interface AutomatonProps extends ViewProps {
  readonly attach: ShownAttachAudit;
  readonly rows: readonly Row[];
  readonly chosen: Row | undefined;
}

/** The part of the view about attach functions. */
export function Automaton({ attach, rows, chosen, link, go }: AutomatonProps) {
  const { params } = link;
  const driver = driverOf(attach.drivers, rows, chosen, params['function']);
  if (driver === undefined) {
    return (
      <section aria-labelledby="audit-automaton">
        <h2 id="audit-automaton">Attach functions</h2>
        <p class="quiet">The record has no attach function that a model stands beside.</p>
        <NotCompared attach={attach} />
      </section>
    );
  }
  const marks = marksOf(driver, rows);
  const marked =
    params['mark'] === 'none'
      ? undefined
      : (marks.find(({ key }) => key === params['mark']) ??
        marks.find(({ key }) => key === chosen?.key) ??
        marks[0]);
  const set = (some: Readonly<Record<string, string>>): void => {
    go({ ...link, params: { ...params, ...some } }, { replace: true });
  };
  return (
    <section class="audit-automaton" aria-labelledby="audit-automaton">
      <h2 id="audit-automaton">
        <code>{driver.learnt.function}()</code>, attach function of {driver.driver}
      </h2>
      <p class="quiet mono audit-at">
        {driver.learnt.at.file}:{driver.learnt.at.line}
      </p>
      <div class="bar">
        <Picker
          label="Function"
          value={driver.learnt.function}
          choices={attach.drivers.map((one) => ({
            value: one.learnt.function,
            label: `${one.learnt.function}() of ${one.driver}: ${marksOf(one, rows).length} paths`,
          }))}
          onChoose={(to) => set({ function: to, mark: '', step: '' })}
        />
        <Picker
          label="Path that is marked"
          value={marked?.key ?? 'none'}
          choices={[
            { value: 'none', label: marks.length === 0 ? 'no finding has one' : 'none' },
            ...marks.map(({ key, finding }) => ({ value: key, label: markLabel(finding) })),
          ]}
          onChoose={(to) => set({ mark: to, step: '' })}
        />
      </div>
      <Drawn driver={driver} marked={marked} model={attach.model} params={params} set={set} />
      <NotCompared attach={attach} />
    </section>
  );
}

function markLabel({ type, message, place }: Row['finding']): string {
  const short = message.length <= 60 ? message : `${message.slice(0, 57)}...`;
  return `line ${place?.line ?? '?'}, ${type}: ${short}`;
}

/** The function that is asked for, or that of the open finding, or the first with a path. */
function driverOf(
  drivers: readonly ShownDriver[],
  rows: readonly Row[],
  chosen: Row | undefined,
  name: string | undefined,
): ShownDriver | undefined {
  return (
    drivers.find(({ learnt }) => learnt.function === name) ??
    drivers.find((one) => chosen !== undefined && isAbout(one, chosen)) ??
    drivers.find((one) => marksOf(one, rows).length > 0) ??
    drivers[0]
  );
}

/** Whether a finding is about this attach function. */
export function isAbout({ learnt }: ShownDriver, { finding }: Row): boolean {
  return finding.function === learnt.function && finding.place?.file === learnt.at.file;
}

/** Findings of a function that have a path. */
function marksOf(driver: ShownDriver, rows: readonly Row[]): readonly Row[] {
  return rows.filter((row) => isAbout(driver, row) && row.finding.paths.length > 0);
}

function NotCompared({ attach }: { readonly attach: ShownAttachAudit }) {
  if (attach.notCompared.length === 0) return null;
  return (
    <>
      <h3>No model to compare with</h3>
      <ul class="mono">
        {attach.notCompared.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </>
  );
}

interface DrawnProps {
  readonly driver: ShownDriver;
  readonly marked: Row | undefined;
  readonly model: string;
  readonly params: Readonly<Record<string, string>>;
  readonly set: (some: Readonly<Record<string, string>>) => void;
}

function Drawn({ driver, marked, model, params, set }: DrawnProps) {
  const extent: Extent = params['extent'] === 'way' ? 'way' : 'all';
  const answer = useAnswer('audit-draw', {
    driver,
    extent,
    ...(marked === undefined ? {} : { finding: { of: marked.finding, path: 0 } }),
  });
  if (answer.state === 'fault') return <Fault message={answer.message} />;
  if (answer.state === 'waiting') return <p aria-busy="true">Drawing ...</p>;
  const { differences } = answer.answer.graph;
  return (
    <>
      <Stepping
        key={`${driver.learnt.function} ${marked?.key ?? ''} ${extent}`}
        answer={answer.answer}
        driver={driver}
        marked={marked}
        extent={extent}
        step={Number(params['step'] ?? '0') || 0}
        set={set}
      />
      <Comparison driver={driver} differences={differences} model={model} />
    </>
  );
}

interface SteppingProps extends Pick<DrawnProps, 'driver' | 'marked' | 'set'> {
  readonly answer: AuditDrawAnswer;
  readonly extent: Extent;
  readonly step: number;
}

function Stepping({ answer, driver, marked, extent, step: given, set }: SteppingProps) {
  const { graph, drawing } = answer;
  const box = useRef<HTMLDivElement>(null);
  const zoom = useZoom(box, drawing?.width ?? 0);
  const step = Math.min(Math.max(0, given), graph.way.length);
  const here = graph.way[step - 1];
  const sought = here?.state ?? graph.way[0]?.state ?? graph.states[0]?.id;
  const follow = useSight(box, sought, zoom.scale);
  const goTo = (to: number): void => {
    const next = Math.min(Math.max(1, to), graph.way.length);
    const stepped = graph.way[next - 1];
    if (stepped === undefined) return;
    follow();
    set({ step: String(next) });
    announce(stepped.sentence);
  };
  const toggle = (): void => set({ extent: extent === 'way' ? '' : 'way' });
  useKeys([
    { keys: ['n', 'ArrowRight'], does: 'next step of the path', act: () => goTo(step + 1) },
    { keys: ['p', 'ArrowLeft'], does: 'previous step of the path', act: () => goTo(step - 1) },
    { keys: ['w'], does: 'the whole automaton, or around the path', act: toggle },
  ]);
  const title = titleOf(driver, marked);
  const table = <AutomatonTable graph={graph} driver={driver} />;
  const picture =
    drawing === undefined ? null : (
      <AutomatonDrawing
        drawing={drawing}
        scale={zoom.scale}
        title={title}
        current={here?.state}
        onStep={goTo}
      />
    );
  const actions = (
    <>
      {graph.way.length === 0 ? null : (
        <button type="button" aria-pressed={extent === 'way'} onClick={toggle}>
          Around the path
        </button>
      )}
      <DrawingActions box={box} zoom={zoom} name={driver.learnt.function} text={answer.text} />
    </>
  );
  return (
    <div ref={box}>
      <StepBar graph={graph} step={step} goTo={goTo} hasMark={marked !== undefined} />
      {picture === null ? (
        <>
          <p>The automaton has {graph.states.length} states: too many to be drawn.</p>
          <div class="scroll" tabIndex={0} role="group" aria-label={`${title}, table`}>
            {table}
          </div>
        </>
      ) : (
        <Figure
          title="Automaton"
          summary={title}
          drawing={picture}
          table={table}
          actions={actions}
        />
      )}
      <WayTable graph={graph} step={step} goTo={goTo} />
    </div>
  );
}

function titleOf({ learnt }: ShownDriver, marked: Row | undefined): string {
  const path =
    marked === undefined
      ? 'no path marked'
      : `the path of ${marked.finding.type} at ${placeText(marked.finding.place)} marked`;
  return `States of ${learnt.function}(), ${path}`;
}

interface StepBarProps {
  readonly graph: AuditDrawAnswer['graph'];
  readonly step: number;
  readonly goTo: (step: number) => void;
  readonly hasMark: boolean;
}

function StepBar({ graph, step, goTo, hasMark }: StepBarProps) {
  const { way } = graph;
  if (!hasMark) return null;
  if (way.length === 0) {
    return <p>No step of the finding's path is a state of the automaton: nothing is marked.</p>;
  }
  return (
    <p class="audit-steps">
      <button type="button" disabled={step <= 1} onClick={() => goTo(step - 1)}>
        {'\u2190'} Step
      </button>
      <button type="button" disabled={step >= way.length} onClick={() => goTo(step + 1)}>
        Step {'\u2192'}
      </button>
      <span>
        {way[step - 1]?.sentence ?? `The path has ${way.length} steps; n and p go along it.`}
      </span>
    </p>
  );
}
