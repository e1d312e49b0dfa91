// The steps of a scenario as a list; the one that is shown is marked.

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { SceneStep } from './asks.ts';
import { kindWords } from './words.ts';

/** Steps that are listed around the one that is shown: a recording may have ten thousand. */
const AROUND = 150;

/** The list. */
export function StepList({
  steps,
  step,
  onStep,
}: {
  readonly steps: readonly SceneStep[];
  readonly step: number;
  readonly onStep: (step: number) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  // Only the box scrolls, never the page.
  useLayoutEffect(() => {
    const row = box.current?.querySelector('[aria-current]');
    if (!box.current || !(row instanceof HTMLElement)) return;
    const { scrollTop, clientHeight } = box.current;
    const top = row.offsetTop;
    const isAbove = top < scrollTop;
    if (isAbove) box.current.scrollTop = top - 8;
    else if (top + row.offsetHeight > scrollTop + clientHeight) {
      box.current.scrollTop = top + row.offsetHeight - clientHeight + 8;
    }
  }, [step, steps]);
  const first = Math.max(0, step - AROUND);
  const shown = steps.slice(first, step + AROUND + 1);
  const last = first + shown.length;
  return (
    <div class="replay-steps" ref={box} tabIndex={0} role="group" aria-label="Steps">
      {first > 0 ? <p class="quiet">{first} steps before</p> : null}
      <ol start={first + 1}>
        {shown.map(({ kind, text }, i) => {
          const index = first + i;
          const { glyph, word } = kindWords[kind];
          return (
            <li key={index} class={kind} aria-current={index === step ? 'step' : undefined}>
              <button type="button" tabIndex={-1} onClick={() => onStep(index)}>
                <span class="number">{index + 1}</span>
                <span class="glyph" aria-hidden="true">
                  {glyph}
                </span>
                <code>{text}</code>
                <span class={kind === 'agrees' ? 'visually-hidden' : 'word'}>{word}</span>
              </button>
            </li>
          );
        })}
      </ol>
      {last < steps.length ? <p class="quiet">{steps.length - last} steps after</p> : null}
    </div>
  );
}
