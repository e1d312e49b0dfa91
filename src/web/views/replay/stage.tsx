// A scenario on a bed, step by step.

import { useEffect } from 'preact/hooks';
import { announce, CopyButton, useKeys } from '../../ui/index.ts';
import type { Scene } from './asks.ts';
import { nextWhere, stepWithin } from './choices.ts';
import { StepDetail } from './detail.tsx';
import { StepList } from './steps.tsx';
import { kindWords } from './words.ts';

/** The scenario, and the step that the link names. */
export interface StageProps {
  readonly scene: Scene;
  readonly step: number;
  /** A newer answer is under way. */
  readonly stale: boolean;
  readonly onStep: (step: number) => void;
}

/** The steps, and the one that is shown. */
export function Stage({ scene, step, stale, onStep }: StageProps) {
  const { steps } = scene;
  const shown = stepWithin(step, steps.length);
  const isOdd = ({ kind }: Scene['steps'][number]): boolean =>
    kind === 'differs' || kind === 'not-checked';
  const odd = steps.filter(isOdd).length;
  const to = (target: number | undefined): void => {
    if (target === undefined) announce('No step that differs on that side');
    else onStep(stepWithin(target, steps.length));
  };
  const acts = {
    back: () => to(shown - 1),
    on: () => to(shown + 1),
    backOdd: () => to(nextWhere(steps, { step: shown, by: -1 }, isOdd)),
    onOdd: () => to(nextWhere(steps, { step: shown, by: 1 }, isOdd)),
  };
  useKeys([
    { keys: ['ArrowRight', 'j'], does: 'next step', act: acts.on },
    { keys: ['ArrowLeft', 'k'], does: 'previous step', act: acts.back },
    { keys: ['n'], does: 'next difference', act: acts.onOdd },
    { keys: ['p'], does: 'previous difference', act: acts.backOdd },
    { keys: ['Home'], does: 'first step', act: () => to(0) },
    { keys: ['End'], does: 'last step', act: () => to(steps.length - 1) },
  ]);
  useEffect(() => {
    const here = steps[shown];
    if (here === undefined) return;
    const { word } = kindWords[here.kind];
    announce(`Step ${shown + 1} of ${steps.length}: ${here.text}: ${word}`);
  }, [scene, shown]);
  return (
    <section class="replay-stage" aria-busy={stale} aria-label={scene.id}>
      <Head scene={scene} odd={odd} />
      <div class="bar">
        <button type="button" onClick={acts.back} aria-keyshortcuts="ArrowLeft">
          Back
        </button>
        <button type="button" onClick={acts.on} aria-keyshortcuts="ArrowRight">
          Next
        </button>
        <button type="button" onClick={acts.backOdd} disabled={odd === 0} aria-keyshortcuts="p">
          Previous difference
        </button>
        <button
          type="button"
          class="primary"
          onClick={acts.onOdd}
          disabled={odd === 0}
          aria-keyshortcuts="n"
        >
          Next difference
        </button>
      </div>
      <div class="replay-columns">
        <StepList steps={steps} step={shown} onStep={onStep} />
        <StepDetail scene={scene} index={shown} />
      </div>
      <p class="replay-command">
        <code>{scene.command}</code>{' '}
        <CopyButton label="Copy as text" text={() => scene.text} shortcut="c" />
      </p>
    </section>
  );
}

function Head({ scene, odd }: { readonly scene: Scene; readonly odd: number }) {
  const { bed, steps } = scene;
  return (
    <>
      <div class="replay-head">
        <h2 class="replay-id">{scene.id}</h2>
        <span class={odd === 0 ? 'badge agrees' : 'badge differs'} data-testid="replay-verdict">
          {odd === 0 ? '= agrees' : `\u2260 ${odd} of ${steps.length} steps differ`}
        </span>
      </div>
      <p class="replay-beds quiet">
        <strong>Recorded</strong> on {scene.arch}, {scene.kernel}; {scene.recordedGate}.{' '}
        {bed === undefined ? (
          'There is no model of that.'
        ) : (
          <>
            <strong>Runs</strong> on {bed.name}, kernel {bed.release}; {scene.gateText}.{' '}
            {cacheText(bed)}
          </>
        )}
      </p>
    </>
  );
}

function cacheText({ dcache, pageBytes }: NonNullable<Scene['bed']>): string {
  const pages = `Pages of ${pageBytes} bytes`;
  if (dcache === undefined) return `${pages}, no data cache.`;
  const { ways, sets, lineBytes, colours } = dcache;
  const coloured = colours > 1 ? `, ${colours} colours` : '';
  const shape = `${sets} sets, ${ways === 1 ? 'direct mapped' : `${ways} ways`}`;
  return `${pages}, ${dcache.class} cache: ${shape}, lines of ${lineBytes}${coloured}.`;
}
