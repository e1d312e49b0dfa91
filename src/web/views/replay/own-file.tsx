// A recording of the reader's own: chosen or dropped, read in this page, sent nowhere.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Problem } from '../../../base/index.ts';
import { announce, Fault, Problems, useKeys } from '../../ui/index.ts';
import { ask } from '../../worker/client.ts';
import type { RecordingList, Source } from './asks.ts';

/** A file that was read. */
export interface OwnRecording {
  readonly source: Source & { readonly kind: 'own' };
  readonly recording: RecordingList;
}

let given = 0;

/** Links name a file of one's own so; what is in it is not in the link. */
export const OWN = 'own:';

/** What becomes of a file. */
export interface OwnFileProps {
  readonly onRead: (own: OwnRecording) => void;
  /** It was not read: why is said here, which must not be folded away. */
  readonly onWrong: () => void;
}

/** The button, and the whole page as a place to drop a file on. */
export function OwnFile({ onRead, onWrong }: OwnFileProps) {
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<{ readonly problem?: Problem; readonly fault?: string }>({});
  const latest = useRef(onRead);
  latest.current = onRead;
  const read = (file: File): void => {
    const number = ++given;
    setWrong({});
    ask('replay-own', { file, number }, { lane: 'replay' }).then(
      (answer) => {
        if (answer.kind === 'problem') {
          setWrong({ problem: answer.problem });
          onWrong();
          return;
        }
        const recording = { ...answer.recording, name: `${OWN}${file.name}` };
        announce(`Read ${file.name}`);
        latest.current({ source: { kind: 'own', file, number }, recording });
      },
      (error: unknown) => {
        setWrong({ fault: error instanceof Error ? error.message : String(error) });
        onWrong();
      },
    );
  };
  const isOver = useDrop(read);
  const choose = (): void => input.current?.click();
  useKeys([{ keys: ['o'], does: 'open a recording of your own', act: choose }]);
  return (
    <div class={`replay-own ${isOver ? 'over' : ''}`}>
      <button type="button" onClick={choose} aria-keyshortcuts="o">
        Open a recording of your own
      </button>{' '}
      <span class="quiet">or drop a .jsonl file anywhere; it stays in this page</span>
      <input
        ref={input}
        type="file"
        accept=".jsonl,.json,.ndjson"
        class="visually-hidden"
        tabIndex={-1}
        aria-label="A recording of your own"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file) read(file);
          currentTarget.value = '';
        }}
      />
      {wrong.problem === undefined ? null : <Problems problems={[wrong.problem]} />}
      {wrong.fault === undefined ? null : <Fault message={wrong.fault} />}
    </div>
  );
}

/** Takes a file that is dropped anywhere on the page; tells whether one is held over it. */
function useDrop(onFile: (file: File) => void): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(onFile);
  latest.current = onFile;
  useEffect(() => {
    const onOver = (event: DragEvent): void => {
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent): void => {
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file) latest.current(file);
    };
    document.addEventListener('dragover', onOver);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, []);
  return isOver;
}
