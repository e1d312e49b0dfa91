// The automaton as SVG. A way is told by its thickness, its arrow heads and numbers; a state by its
// shape; colour comes last.

import type { PlacedEdge, PlacedState, Point, Drawing as Shown } from './layout.ts';

/** What is drawn, at which scale, and which state is looked at. */
export interface DrawingProps {
  readonly drawing: Shown;
  readonly scale: number;
  readonly title: string;
  /** Id of the state that is stepped on. */
  readonly current: string | undefined;
  /** Ids of edges behind it, and the one that leads on. */
  readonly onStep: (step: number) => void;
}

/** The drawing. Its words are in the table beside it: to a screen reader it is one picture. */
export function AutomatonDrawing({ drawing, scale, title, current, onStep }: DrawingProps) {
  const { width, height, states, edges } = drawing;
  const ordered = edges.toSorted((a, b) => Number(a.isOnWay) - Number(b.isOnWay));
  const hasWay = edges.some(({ isOnWay }) => isOnWay);
  return (
    <svg
      class={hasWay ? 'automaton automaton-marked' : 'automaton'}
      xmlns="http://www.w3.org/2000/svg"
      width={Math.round(width * scale)}
      height={Math.round(height * scale)}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={title}
    >
      <defs>
        <marker id="automaton-arrow" class="a-head" {...HEAD} markerWidth="8" markerHeight="8">
          <path d="M0 0 10 5 0 10z" />
        </marker>
        <marker
          id="automaton-thick"
          class="a-head a-way"
          {...HEAD}
          markerWidth="4"
          markerHeight="4"
        >
          <path d="M0 0 10 5 0 10z" />
        </marker>
      </defs>
      {ordered.map((edge) => (
        <EdgeLine key={edge.id} edge={edge} />
      ))}
      {states.map((state) => (
        <StateBox key={state.id} state={state} isCurrent={state.id === current} onStep={onStep} />
      ))}
      {ordered.map((edge) => (
        <EdgeWords key={edge.id} edge={edge} />
      ))}
    </svg>
  );
}

const HEAD = { viewBox: '0 0 10 10', refX: '9', refY: '5', orient: 'auto' } as const;

function EdgeLine({ edge }: { readonly edge: PlacedEdge }) {
  const { isOnWay, isFailure } = edge;
  const kind = `${isFailure ? ' a-fails' : ''}${isOnWay ? ' a-way' : ''}`;
  return (
    <path
      class={`a-edge${kind}`}
      d={lineOf(edge.points)}
      marker-end={`url(#automaton-${isOnWay ? 'thick' : 'arrow'})`}
    />
  );
}

function EdgeWords({ edge }: { readonly edge: PlacedEdge }) {
  const { words, at, isOnWay, isFailure } = edge;
  if (words === '') return null;
  return (
    <g class={`a-words${isFailure ? ' a-fails' : ''}${isOnWay ? ' a-way' : ''}`}>
      <rect x={at.x - at.width / 2} y={at.y - 8} width={at.width} height={16} rx={3} />
      <text x={at.x} y={at.y + 4}>
        {words}
      </text>
    </g>
  );
}

interface BoxProps {
  readonly state: PlacedState;
  readonly isCurrent: boolean;
  readonly onStep: (step: number) => void;
}

function StateBox({ state, isCurrent, onStep }: BoxProps) {
  const { x, y, width, height, shape, short, detail, full, place, steps } = state;
  const [first] = steps;
  const way = first === undefined ? '' : ' a-way';
  const at = place === undefined ? '' : ` (${place.file}:${place.line})`;
  return (
    <g
      class={`a-state a-${shape}${way}${isCurrent ? ' a-current' : ''}`}
      data-state={state.id}
      {...(first === undefined ? {} : { onClick: () => onStep(first) })}
    >
      <title>{`${full}${at}`}</title>
      <path class="a-box" d={boxOf(state)} />
      {shape === 'attached' ? (
        <path class="a-inner" d={boxOf({ ...state, width: width - 6, height: height - 6 })} />
      ) : null}
      <text x={x} y={detail === '' ? y + 4 : y - 2}>
        {short}
      </text>
      {detail === '' ? null : (
        <text class="a-detail" x={x} y={y + 12}>
          {detail}
        </text>
      )}
      {steps.length === 0 ? null : <Badge state={state} isCurrent={isCurrent} />}
    </g>
  );
}

/** The numbers of a state on the way; the one that is stepped on has a pointer before it. */
function Badge({ state, isCurrent }: { readonly state: PlacedState; readonly isCurrent: boolean }) {
  const text = state.steps.join(',');
  const wide = Math.max(20, text.length * 7 + 10);
  const left = state.x - state.width / 2 - wide / 2;
  const top = state.y - state.height / 2;
  return (
    <g class="a-badge">
      <rect x={left} y={top - 10} width={wide} height={20} rx={10} />
      <text x={left + wide / 2} y={top + 4}>
        {text}
      </text>
      {isCurrent ? <path class="a-pointer" d={`M${left - 14} ${state.y - 8}l12 8 -12 8z`} /> : null}
    </g>
  );
}

type Box = Pick<PlacedState, 'x' | 'y' | 'width' | 'height' | 'shape'>;

/** Calls are boxes, questions have points, stores a cut corner, ends are round. */
function boxOf({ x, y, width, height, shape }: Box): string {
  const [left, right] = [x - width / 2, x + width / 2];
  const [top, bottom] = [y - height / 2, y + height / 2];
  switch (shape) {
    case 'question': {
      const point = 12;
      return (
        `M${left} ${y}L${left + point} ${top}H${right - point}L${right} ${y}` +
        `L${right - point} ${bottom}H${left + point}z`
      );
    }
    case 'store':
    case 'flag':
      return `M${left} ${top}H${right - 9}L${right} ${top + 9}V${bottom}H${left}z`;
    case 'end':
    case 'attached':
    case 'cut': {
      const r = height / 2;
      return (
        `M${left + r} ${top}H${right - r}A${r} ${r} 0 0 1 ${right - r} ${bottom}` +
        `H${left + r}A${r} ${r} 0 0 1 ${left + r} ${top}z`
      );
    }
    case 'call':
    case 'finding':
      return `M${left} ${top}H${right}V${bottom}H${left}z`;
  }
}

/** A line through its points, its corners rounded off. */
function lineOf(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const last = rest.at(-1) ?? first;
  let line = `M${first.x} ${first.y}`;
  for (const [i, point] of rest.slice(0, -1).entries()) {
    const next = rest[i + 1] ?? last;
    const middle = i === rest.length - 2 ? last : half(point, next);
    line += `Q${point.x} ${point.y} ${middle.x} ${middle.y}`;
  }
  return rest.length < 2 ? `${line}L${last.x} ${last.y}` : line;
}

function half(a: Point, b: Point): Point {
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
}
