// The editor on the page. CodeMirror keeps its own state: the page shows it other texts and hears
// of what is typed.

import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { type Editor, type EditorEvents, openEditor } from './editor.ts';

/** What the editor shows and tells. */
export interface EditorBoxProps extends EditorEvents {
  /** The text that is opened where `opened` grows. */
  readonly text: string;
  readonly opened: number;
  /** Where the page reaches the editor. */
  readonly editor: { current: Editor | undefined };
}

/** An editor as large as its text, up to the height of its box. */
export function EditorBox({ text, opened, editor, ...events }: EditorBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const latest = useRef<EditorEvents>(events);
  latest.current = events;
  useLayoutEffect(() => {
    if (!box.current) return undefined;
    const own = openEditor(box.current, text, {
      onText: (now) => latest.current.onText(now),
      onMistakes: (found) => latest.current.onMistakes(found),
      onRun: () => latest.current.onRun(),
      onStop: () => latest.current.onStop(),
    });
    editor.current = own;
    return () => {
      editor.current = undefined;
      own.end();
    };
  }, []);
  useEffect(() => editor.current?.show(text), [opened]);
  return <div class="litmus-editor" ref={box} />;
}
