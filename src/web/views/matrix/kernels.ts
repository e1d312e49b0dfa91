// The words of all kernels: the one that is looked at first, then the rest while nobody waits, the
// nearest first, so that moving the slider shows what is there already.

import { useEffect, useRef, useState } from 'preact/hooks';
import { ask } from '../../worker/client.ts';
import type { KernelWords, Plan } from './asks.ts';

/** The worker of this view. */
export const LANE = 'matrix';

/** What was judged stays while the page does. */
const judged = new Map<string, KernelWords>();

/** Words by kernel, as far as they are judged, and what went wrong. */
export interface Judged {
  readonly words: ReadonlyMap<string, KernelWords>;
  readonly fault?: string;
}

/** Judges the kernel that is looked at, then the others; `plan` undefined: not yet. */
export function useKernels(plan: Plan | undefined, kernel: string): Judged {
  const [shown, setShown] = useState<Judged>(() => ({ words: new Map(judged) }));
  const wanted = useRef(kernel);
  wanted.current = kernel;
  useEffect(() => {
    let isShown = true;
    const judgeAll = async (): Promise<void> => {
      const ids = plan?.kernels.map(({ id }) => id) ?? [];
      for (;;) {
        const next = nextOf(ids, wanted.current);
        if (next === undefined || !isShown) return;
        const words = await ask('matrix-kernel', { kernel: next }, { lane: LANE });
        judged.set(next, words);
        if (isShown) setShown({ words: new Map(judged) });
      }
    };
    judgeAll().catch((error: unknown) => {
      const fault = error instanceof Error ? error.message : String(error);
      if (isShown) setShown({ words: new Map(judged), fault });
    });
    return () => {
      isShown = false;
    };
  }, [plan]);
  return shown;
}

/** The nearest kernel that is not judged yet. */
function nextOf(ids: readonly string[], wanted: string): string | undefined {
  const from = Math.max(0, ids.indexOf(wanted));
  return ids
    .map((id, i) => ({ id, far: Math.abs(i - from) * 2 + (i > from ? 1 : 0) }))
    .filter(({ id }) => !judged.has(id))
    .sort((a, b) => a.far - b.far)[0]?.id;
}
