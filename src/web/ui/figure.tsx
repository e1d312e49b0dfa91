// A drawing with the same content as a table: for screen readers, and for whoever prefers it.

import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';

/** A drawing and its table. */
export interface FigureProps {
  readonly title: string;
  /** One sentence that says what the drawing shows. */
  readonly summary: string;
  readonly drawing: ComponentChildren;
  readonly table: ComponentChildren;
  /** Buttons beside the title. */
  readonly actions?: ComponentChildren;
}

/**
 * Shows the drawing in a box that scrolls by itself, and on demand its table in its place; screen
 * readers always find the table.
 */
export function Figure({ title, summary, drawing, table, actions }: FigureProps) {
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure class="figure" aria-labelledby={`${id}-title`}>
      <figcaption>
        <h3 id={`${id}-title`}>{title}</h3>
        <span class="actions">
          {actions}
          <button type="button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            As a table
          </button>
        </span>
        <p class="visually-hidden">{summary}</p>
      </figcaption>
      {asTable ? null : (
        <div class="scroll" tabIndex={0} role="group" aria-label={`${title}, drawing`}>
          {drawing}
        </div>
      )}
      <div class={asTable ? 'scroll' : 'visually-hidden'} {...(asTable ? focusable(title) : {})}>
        {table}
      </div>
    </figure>
  );
}

function focusable(title: string) {
  return { tabIndex: 0, role: 'group', 'aria-label': `${title}, table` } as const;
}
