// The answer to a question, for a view that shows it: asked again when the question changes, and
// the old one is then no longer waited for.

import { useEffect, useState } from 'preact/hooks';
import type { AskKind, AskMap, Told } from '../worker/asks.ts';
import { ask } from '../worker/client.ts';

/** Where an answer is. */
export type Answering<A> =
  | { readonly state: 'waiting'; readonly told?: Told }
  | { readonly state: 'here'; readonly answer: A }
  | { readonly state: 'fault'; readonly message: string };

/**
 * Asks `kind` what `given` says, undefined for nothing yet. While a newer answer is under way, the
 * last one stays: `stale` tells that. Questions of one `lane` are answered by one worker. With
 * `ends` the worker of a question that nobody waits for any more is ended: for long searches.
 */
export function useAnswer<K extends AskKind>(
  kind: K,
  given: AskMap[K]['ask'] | undefined,
  lane: string = kind,
  ends = false,
): Answering<AskMap[K]['answer']> & { readonly stale: boolean } {
  const [answering, setAnswering] = useState<Answering<AskMap[K]['answer']>>({ state: 'waiting' });
  const [answered, setAnswered] = useState('');
  const key = given === undefined ? '' : JSON.stringify(given);
  useEffect(() => {
    if (given === undefined) return undefined;
    let wanted = true;
    const end = new AbortController();
    const settle = (to: Answering<AskMap[K]['answer']>): void => {
      if (!wanted) return;
      setAnswering(to);
      setAnswered(key);
    };
    const onTold = (told: Told): void => {
      if (wanted) setAnswering((old) => (old.state === 'here' ? old : { state: 'waiting', told }));
    };
    ask(kind, given, { lane, onTold, signal: end.signal }).then(
      (answer) => settle({ state: 'here', answer }),
      (error: unknown) => {
        settle({ state: 'fault', message: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => {
      wanted = false;
      if (ends) end.abort();
    };
  }, [kind, key, lane]);
  return { ...answering, stale: answered !== key };
}
