// Stepping: buttons, keys, and playing by itself.

import { useEffect, useState } from 'preact/hooks';
import { useKeys } from '../../ui/index.ts';

/** Time for one step while playing: enough to read its sentence. */
const STEP_MS = 1800;

/** What the controls need to know. */
export interface ControlsProps {
  readonly step: number;
  readonly most: number;
  readonly onStep: (step: number) => void;
}

/** Buttons and keys that go through the steps. */
export function Controls({ step, most, onStep }: ControlsProps) {
  const [isPlaying, setPlaying] = useState(false);
  const isStill = usesNoMotion();
  const to = (next: number): void => onStep(Math.max(0, Math.min(most, next)));
  const byHand = (next: number): void => {
    setPlaying(false);
    to(next);
  };
  useEffect(() => {
    if (!isPlaying) return undefined;
    if (step >= most) {
      setPlaying(false);
      return undefined;
    }
    const timer = setTimeout(() => to(step + 1), STEP_MS);
    return () => clearTimeout(timer);
  }, [isPlaying, step, most]);
  const play = (): void => {
    // Whoever wants no motion takes each step by hand.
    if (isStill) byHand(step + 1);
    else {
      if (!isPlaying && step >= most) to(0);
      setPlaying(!isPlaying);
    }
  };
  useKeys([
    { keys: ['ArrowRight', 'j'], does: 'next step', act: () => byHand(step + 1) },
    { keys: ['ArrowLeft', 'k'], does: 'previous step', act: () => byHand(step - 1) },
    { keys: ['Home'], does: 'before the first step', act: () => byHand(0) },
    { keys: ['End'], does: 'last step', act: () => byHand(most) },
    { keys: [' '], does: isStill ? 'next step (no motion wanted)' : 'play or pause', act: play },
  ]);
  return (
    <div class="actions witness-controls" role="group" aria-label="Steps">
      <button type="button" aria-disabled={step === 0} onClick={() => byHand(0)}>
        First
      </button>
      <button type="button" aria-disabled={step === 0} onClick={() => byHand(step - 1)}>
        Back
      </button>
      <output class="witness-count">
        {step === 0 ? `before the first of ${most} steps` : `step ${step} of ${most}`}
      </output>
      <button
        type="button"
        class="primary"
        aria-disabled={step === most}
        onClick={() => byHand(step + 1)}
      >
        Next
      </button>
      <button type="button" aria-disabled={step === most} onClick={() => byHand(most)}>
        Last
      </button>
      {isStill ? null : (
        <button type="button" aria-pressed={isPlaying} onClick={play}>
          {isPlaying ? 'Pause' : 'Play'}
        </button>
      )}
    </div>
  );
}

/** Whether the reader has asked the system for no motion. */
function usesNoMotion(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches;
}
