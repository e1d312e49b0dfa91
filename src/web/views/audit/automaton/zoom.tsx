// How large the drawing is, what else is done with it, and bringing a state into sight.

import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { CopyButton, saveFile, useKeys } from '../../../ui/index.ts';
import { svgFile } from './svg-file.ts';

/** The scale of a drawing, and how it is changed. */
export interface Zoom {
  readonly scale: number;
  readonly larger: () => void;
  readonly smaller: () => void;
  readonly fit: () => void;
}

const SCALES = [0.35, 0.5, 0.7, 0.85, 1, 1.25, 1.6, 2] as const;

/** A scale for the drawing of this width in `box`, with its keys. */
export function useZoom(box: RefObject<HTMLElement | null>, width: number): Zoom {
  const [scale, setScale] = useState(1);
  const by = (steps: number): void => {
    const at = SCALES.findLastIndex((one) => one <= scale + 0.001);
    setScale(SCALES[Math.min(SCALES.length - 1, Math.max(0, at + steps))] ?? 1);
  };
  const zoom: Zoom = {
    scale,
    larger: () => by(1),
    smaller: () => by(-1),
    fit: () => setScale(fitting(box.current, width, 0)),
  };
  // At first as large as the page has room for, but never too small to be read.
  useLayoutEffect(() => setScale(fitting(box.current, width, LEAST)), [width]);
  useKeys([
    { keys: ['f'], does: 'fit the drawing to the page', act: zoom.fit },
    { keys: ['+', '='], does: 'larger', act: zoom.larger },
    { keys: ['-'], does: 'smaller', act: zoom.smaller },
  ]);
  return zoom;
}

/** Letters of 12 pixels are still letters at this scale. */
const LEAST = 0.75;

function fitting(box: HTMLElement | null, width: number, least: number): number {
  const room = box?.querySelector('.scroll')?.clientWidth ?? 0;
  return width > 0 && room > 0 ? Math.min(1, Math.max(least, (room - 4) / width)) : 1;
}

/** What the buttons of a drawing act on. */
export interface DrawingActionsProps {
  readonly box: RefObject<HTMLElement | null>;
  readonly zoom: Zoom;
  /** Name of the file that is saved, without its ending. */
  readonly name: string;
  /** The automaton as text. */
  readonly text: string;
}

/** Buttons: the size, a file, the text. */
export function DrawingActions({ box, zoom, name, text }: DrawingActionsProps) {
  const save = (): void => {
    const svg = box.current?.querySelector('svg');
    if (svg) saveFile(`${name}.svg`, 'image/svg+xml', svgFile(svg));
  };
  useKeys([{ keys: ['s'], does: 'save the drawing as SVG', act: save }]);
  return (
    <>
      <button type="button" onClick={zoom.fit}>
        Fit
      </button>
      <button type="button" aria-label="Smaller" onClick={zoom.smaller}>
        {'\u2212'}
      </button>
      <button type="button" aria-label="Larger" onClick={zoom.larger}>
        +
      </button>
      <button type="button" onClick={save}>
        Save SVG
      </button>
      <CopyButton label="Copy automaton" text={() => text} />
    </>
  );
}

/**
 * Keeps a state in the middle of the drawing's own box. What is given back is called with a step:
 * the page follows it then, which it must not where a finding is opened and read first.
 */
export function useSight(
  box: RefObject<HTMLElement | null>,
  state: string | undefined,
  scale: number,
): () => void {
  const follows = useRef(false);
  useEffect(() => {
    scrollTo(box.current, state);
    if (follows.current) showState(box.current, state);
    follows.current = false;
  }, [state, scale]);
  return () => {
    follows.current = true;
  };
}

/** Scrolls the drawing's own box so that a state stands in its middle. */
function scrollTo(box: HTMLElement | null, state: string | undefined): void {
  const scroller = box?.querySelector('.scroll');
  const target = state === undefined ? null : box?.querySelector(`[data-state="${state}"]`);
  if (!scroller || !target) return;
  const [outer, inner] = [scroller.getBoundingClientRect(), target.getBoundingClientRect()];
  scroller.scrollBy({
    left: inner.left + inner.width / 2 - outer.left - outer.width / 2,
    top: inner.top + inner.height / 2 - outer.top - outer.height / 2,
  });
}

/** Scrolls the page so that a state is seen, if there is room with the sentence above it. */
function showState(box: HTMLElement | null, state: string | undefined): void {
  const target = state === undefined ? null : box?.querySelector(`[data-state="${state}"]`);
  if (!box || !target || isSeen(target)) return;
  box.scrollIntoView({ block: 'start' });
  if (!isSeen(target)) target.scrollIntoView({ block: 'center', inline: 'nearest' });
}

function isSeen(target: Element): boolean {
  const { top, bottom } = target.getBoundingClientRect();
  return top >= 0 && bottom <= innerHeight;
}
