// A frame as one SVG file that needs nothing else: the drawing's own style sheet stands in it, with
// the light colours of the page.

import { render } from 'preact';
import type { Film } from '../../../verdict/index.ts';
import pageStyle from '../../style.css?raw';
import { RulersDrawing } from './drawing/rulers.tsx';
import { StageDrawing } from './drawing/stage.tsx';
import { TimelineDrawing } from './drawing/timeline.tsx';
import style from './drawing.css?raw';
import { rulersOf } from './layout/ruler.ts';
import { stageOf } from './layout/stage.ts';
import { widthOf } from './layout/text.ts';
import { timelineOf } from './layout/timeline.ts';
import { stepText } from './layout/words.ts';

/** The file's text. */
export function svgOf(film: Film, step: number, title: string): string {
  const box = document.createElement('div');
  render(<Picture film={film} step={step} title={title} />, box);
  const svg = box.querySelector('svg');
  const text = svg === null ? '' : new XMLSerializer().serializeToString(svg);
  render(null, box);
  // The page's policy forbids style elements in the page: the file gets its own as text.
  const start = text.indexOf('>') + 1;
  const own = `<style>${lightOf(style, pageStyle)}</style>`;
  const whole = `${text.slice(0, start)}${own}${text.slice(start)}`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n${whole}\n`;
}

const MARGIN = 12;

function Picture({ film, step, title }: { film: Film; step: number; title: string }) {
  const timeline = timelineOf(film);
  const stage = stageOf(film, step);
  const rulers = rulersOf(film, 'data');
  const says = stepText(film, step);
  const parts = [
    { height: timeline.height, drawing: <TimelineDrawing timeline={timeline} step={step} /> },
    { height: stage.height, drawing: <StageDrawing stage={stage} /> },
    ...(rulers ? [{ height: rulers.height, drawing: <RulersDrawing rulers={rulers} /> }] : []),
  ];
  const widths = [timeline.width, stage.width, rulers?.width ?? 0];
  const width = Math.max(...widths, 24 + widthOf(title), 24 + widthOf(says)) + MARGIN;
  let y = 56;
  const placed = parts.map((part) => {
    const top = y;
    y += part.height + 2 * MARGIN;
    return { ...part, top };
  });
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      class="witness-svg"
      width={width}
      height={y}
      viewBox={`0 0 ${width} ${y}`}
      role="img"
      aria-label={`${title}. ${says}`}
    >
      <rect width={width} height={y} fill="#ffffff" />
      <text class="witness-value" x={MARGIN} y={22}>
        {title}
      </text>
      <text x={MARGIN} y={42}>
        {says}
      </text>
      {placed.map(({ top, drawing }) => (
        <g key={top} transform={`translate(0 ${top})`}>
          {drawing}
        </g>
      ))}
    </svg>
  );
}

/** The style with each property of the page replaced by its light colour. */
export function lightOf(drawing: string, page: string): string {
  const light = new Map<string, string>();
  for (const [, name = '', value = ''] of page.matchAll(/(--[\w-]+):\s*light-dark\(([^,]+),/g)) {
    light.set(name, value.trim());
  }
  return drawing
    .replaceAll(/\/\*[^]*?\*\//g, '')
    .replaceAll(/var\((--[\w-]+)\)/g, (all, name: string) => light.get(name) ?? all);
}
