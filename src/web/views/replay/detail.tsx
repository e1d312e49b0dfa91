// One step: what the real kernel answered and what the model does, why they differ, the line of
// the cache behind it, and what there is after the step.

import type { AnswerRow, Scene, SceneStep } from './asks.ts';
import { LineFigure } from './line-figure.tsx';
import { StateTables } from './state-tables.tsx';
import { kindWords } from './words.ts';

/** The step of a scene. */
export function StepDetail({ scene, index }: { readonly scene: Scene; readonly index: number }) {
  const step = scene.steps[index];
  if (step === undefined) return <p>The scenario has no steps.</p>;
  const before = scene.steps[index - 1];
  const { glyph, word } = kindWords[step.kind];
  const dcache = scene.bed?.dcache;
  const wrong = scene.steps.findIndex(
    ({ kind, line }, i) => i > index && kind === 'differs' && line?.paddr === step.line?.paddr,
  );
  return (
    <section class={`replay-detail ${step.kind}`} aria-labelledby="replay-step">
      <h2 id="replay-step">
        Step {index + 1} of {scene.steps.length}{' '}
        <span class="badge">
          <span aria-hidden="true">{glyph} </span>
          {word}
        </span>
      </h2>
      <Operation step={step} />
      <Answers step={step} />
      <div class="replay-behind">
        {step.line !== undefined && dcache !== undefined ? (
          <LineFigure
            line={step.line}
            before={before?.line}
            dcache={dcache}
            wrong={step.kind === 'differs' || wrong < 0 ? undefined : wrong}
          />
        ) : null}
        {step.why.length > 0 ? (
          <div class="replay-why">
            <h3>Why</h3>
            <ul>
              {step.why.map((sentence) => (
                <li key={sentence}>{sentence}</li>
              ))}
            </ul>
          </div>
        ) : null}
      </div>
      <StateTables step={step} before={before} first={index === 0} />
    </section>
  );
}

function Operation({ step }: { readonly step: SceneStep }) {
  return (
    <p class="replay-op">
      <code class="op">{step.op}</code>
      {step.args.map(([name, value]) => (
        <span key={name}>
          <span class="quiet">{name}</span> <code>{value === '' ? "''" : value}</code>
        </span>
      ))}
    </p>
  );
}

function Answers({ step }: { readonly step: SceneStep }) {
  if (step.rows.length === 0) return <p class="quiet">Nothing was recorded, nothing answered.</p>;
  return (
    <div class="scroll" tabIndex={0} role="group" aria-label="Answers">
      <table class="replay-answers">
        <caption class="visually-hidden">What the real kernel answered, and the model</caption>
        <thead>
          <tr>
            <th scope="col">Key</th>
            <th scope="col">Real kernel</th>
            <th scope="col">Model</th>
            <th scope="col">Compared</th>
          </tr>
        </thead>
        <tbody>
          {step.rows.map((row) => (
            <tr key={row.key} class={row.mark}>
              <th scope="row">{row.key}</th>
              <td>
                <Value text={row.recorded} />
              </td>
              <td>
                <Value text={row.model} />
              </td>
              <td>{markText(row)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ text }: { readonly text: string | undefined }) {
  return text === undefined ? <span class="quiet">(none)</span> : <code>{text}</code>;
}

function markText({ mark }: AnswerRow): string {
  switch (mark) {
    case 'same':
      return '= same';
    case 'differs':
      return '\u2260 differs';
    case 'detail':
      return '\u25cb not held';
    case 'unknown':
      return '\u25cb not recorded';
  }
}
