// The run that a link asks for: its text unpacked, then asked of the engine.

import { useEffect, useState } from 'preact/hooks';
import { type Link, unpackText } from '../../link/index.ts';
import { type Answering, useAnswer } from '../../ui/index.ts';
import type { RunAnswer, RunAsk, Subject } from './asks.ts';
import { runAskOf, wantedOf } from './subject.ts';

/** Where the run is; `asked` is what it was asked with. */
export interface Run {
  readonly asked: RunAsk | undefined;
  readonly answering: Answering<RunAnswer>;
  readonly stale: boolean;
}

/** Asks for the run of a link. */
export function useRun(link: Link): Run {
  const [unpacked, setUnpacked] = useState<{ packed: string; text: string | undefined }>();
  const wanted = wantedOf(link);
  const packed = wanted.kind === 'packed' ? wanted.packed : undefined;
  useEffect(() => {
    if (packed === undefined) return undefined;
    let isWanted = true;
    void unpackText(packed).then((text) => {
      if (isWanted) setUnpacked({ packed, text });
    });
    return () => {
      isWanted = false;
    };
  }, [packed]);
  const subject: Subject | undefined =
    wanted.kind !== 'packed'
      ? wanted
      : unpacked?.packed === packed && unpacked?.text !== undefined
        ? { kind: 'text', text: unpacked.text }
        : undefined;
  const asked = subject && runAskOf(link, subject);
  const answer = useAnswer('witness-run', asked, 'witness-run', true);
  const isBroken = packed !== undefined && unpacked?.packed === packed && !subject;
  const answering: Answering<RunAnswer> = isBroken
    ? { state: 'here', answer: { kind: 'wrong', problem: BROKEN } }
    : answer;
  return { asked, answering, stale: !isBroken && answer.stale };
}

const BROKEN = {
  what: 'the text in the link is damaged, or cut off',
  hint: 'mail programs break long links: ask for it again, as a file',
};
