// The timeline as a drawing.

import { type Mark, ROW, type Timeline } from '../layout/timeline.ts';

/** A group to stand in an `svg`; `step` 0: before the first. */
export function TimelineDrawing(props: {
  readonly timeline: Timeline;
  readonly step: number;
  /** Called with the number of a step that is clicked; absent where nothing can be. */
  readonly onStep?: (step: number) => void;
}) {
  const { timeline, step, onStep } = props;
  const { rows, marks, left, column, width, height } = timeline;
  const now = marks.find((mark) => mark.step === step);
  return (
    <g>
      {now === undefined ? null : (
        <rect
          class="witness-now"
          x={now.x - column / 2}
          y={2}
          width={column}
          height={height - 4}
          rx={4}
        />
      )}
      {rows.map(({ key, name, y }) => (
        <g key={key}>
          <text class="witness-label" x={12} y={y + 4}>
            {name}
          </text>
          <line class="witness-rail" x1={left} y1={y} x2={width - 8} y2={y} />
        </g>
      ))}
      {marks.map((mark) => (
        <g
          key={mark.step}
          class={classOf(mark, step)}
          onClick={onStep === undefined ? undefined : () => onStep(mark.step)}
        >
          <title>{mark.says}</title>
          <rect
            class="witness-hit"
            x={mark.x - column / 2}
            y={mark.y - ROW / 2}
            width={column}
            height={ROW}
          />
          <Shape mark={mark} />
          <text class="witness-number" x={mark.x} y={mark.y + 4} text-anchor="middle">
            {mark.step}
          </text>
          {mark.fails ? (
            <text class="witness-number" x={mark.x + 14} y={mark.y - 6} text-anchor="middle">
              !
            </text>
          ) : null}
        </g>
      ))}
    </g>
  );
}

function classOf(mark: Mark, step: number): string {
  const when = mark.step === step ? 'now' : mark.step < step ? 'past' : 'ahead';
  return `witness-mark witness-${when}-mark`;
}

function Shape({ mark: { x, y, shape } }: { readonly mark: Mark }) {
  if (shape === 'circle') return <circle cx={x} cy={y} r={13} />;
  if (shape === 'square') return <rect x={x - 12} y={y - 12} width={24} height={24} rx={3} />;
  return <path d={`M${x} ${y - 15} L${x + 15} ${y} L${x} ${y + 15} L${x - 15} ${y} Z`} />;
}
