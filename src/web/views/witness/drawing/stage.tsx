// One frame as a drawing: caches, memory, page tables, registers, locks.

import {
  type CacheBox,
  type CacheLayout,
  CELL,
  type CellBox,
  type CopyBox,
  type Join,
} from '../layout/cache.ts';
import { LINE, type Panel } from '../layout/panels.ts';
import { type Flow, MEMORY, type MemoryBox, type Stage } from '../layout/stage.ts';

/** A group to stand in an `svg`. */
export function StageDrawing({ stage }: { readonly stage: Stage }) {
  const { caches, memory, memoryTitle, panels, panelLeft, panelWidth, flows } = stage;
  return (
    <g>
      <defs>
        <pattern
          id="witness-hatch"
          width="7"
          height="7"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(45)"
        >
          <line class="witness-hatch" x1="0" y1="0" x2="0" y2="7" />
        </pattern>
        <marker
          id="witness-tip"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="9"
          markerHeight="9"
          markerUnits="userSpaceOnUse"
          orient="auto-start-reverse"
        >
          <path class="witness-tip" d="M0 0 L8 4 L0 8 Z" />
        </marker>
      </defs>
      {caches.caches.map((box) => (
        <CacheDrawing key={box.y} box={box} layout={caches} />
      ))}
      {caches.joins.map((join) => (
        <JoinDrawing key={join.line} join={join} />
      ))}
      {caches.caches.map((box) => (
        <text key={box.y} class="witness-title" x={12} y={box.y + 16}>
          {box.title}
        </text>
      ))}
      <text class="witness-title" x={panelLeft} y={16}>
        {memoryTitle}
      </text>
      {memory.map((box) => (
        <MemoryDrawing key={box.key} box={box} x={panelLeft} width={panelWidth} />
      ))}
      {panels.map((panel) => (
        <PanelDrawing key={panel.title} panel={panel} x={panelLeft} width={panelWidth} />
      ))}
      {flows.map((flow, i) => (
        <FlowDrawing key={i} flow={flow} />
      ))}
    </g>
  );
}

function CacheDrawing({ box, layout }: { readonly box: CacheBox; readonly layout: CacheLayout }) {
  return (
    <g>
      {box.rows.map((row) => (
        <g key={row.label}>
          <text class="witness-label" x={12} y={row.y + (row.colour ? 28 : 38)}>
            {row.label}
          </text>
          {row.colour === undefined ? null : (
            <text class="witness-quiet" x={12} y={row.y + 46}>
              {row.colour}
            </text>
          )}
          {row.cells.map((cell) => (
            <CellDrawing key={cell.way} cell={cell} width={layout.cellWidth} />
          ))}
          {box.moreWays === undefined ? null : (
            <text
              class="witness-quiet"
              x={(row.cells.at(-1)?.x ?? 0) + layout.cellWidth + 10}
              y={row.y + 38}
            >
              {box.moreWays}
            </text>
          )}
        </g>
      ))}
      {box.gaps.map((gap) => (
        <text key={gap.y} class="witness-quiet" x={12} y={gap.y + 4}>
          {gap.text}
        </text>
      ))}
    </g>
  );
}

function CellDrawing({ cell, width }: { readonly cell: CellBox; readonly width: number }) {
  const { x, y, way, copy, left, how } = cell;
  if (copy) return <CopyDrawing copy={copy} x={x} y={y} width={width} />;
  const gone = left === undefined ? '' : ' witness-changed';
  return (
    <g class={`witness-empty${gone}`}>
      <rect x={x} y={y} width={width} height={CELL} rx={4} />
      <text class="witness-quiet" x={x + 10} y={y + 24}>
        way {way}, empty
      </text>
      {left === undefined ? null : (
        <>
          <text class="witness-told" x={x + 10} y={y + 42}>
            {left}
          </text>
          <text class="witness-told" x={x + 10} y={y + 58}>
            {how}
          </text>
        </>
      )}
    </g>
  );
}

function CopyDrawing(props: {
  readonly copy: CopyBox;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}) {
  const { copy, x, y, width } = props;
  const { title, value, state, old, changed, isRead, isBeyond } = copy;
  const words = [
    `${state === 'dirty' ? '\u25cf' : '\u25cb'} ${state}`,
    ...(old ? ['old value'] : []),
    ...(isBeyond ? ['no way left'] : []),
  ];
  const classes = [
    'witness-copy',
    old ? 'witness-old' : '',
    changed ? 'witness-changed' : '',
    isRead ? 'witness-read' : '',
  ];
  return (
    <g class={classes.join(' ')}>
      <rect class="witness-box" x={x} y={y} width={width} height={CELL} rx={4} />
      {state === 'dirty' ? (
        <rect x={x} y={y} width={10} height={CELL} rx={4} fill="url(#witness-hatch)" />
      ) : null}
      <text class="witness-quiet" x={x + 16} y={y + 18}>
        {title}
      </text>
      <text class="witness-value" x={x + 16} y={y + 38}>
        {value}
      </text>
      <text class="witness-told" x={x + 16} y={y + 57}>
        {words.join('  ')}
      </text>
    </g>
  );
}

function JoinDrawing({ join }: { readonly join: Join }) {
  const d = join.points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join(' ');
  return (
    <g class="witness-join">
      <path d={d} />
      <text x={join.labelX} y={join.labelY}>
        {join.label}
      </text>
    </g>
  );
}

function FlowDrawing({ flow }: { readonly flow: Flow }) {
  const d = flow.points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${x} ${y}`).join(' ');
  return (
    <g class={`witness-flow witness-${flow.kind}`}>
      <path d={d} marker-end="url(#witness-tip)" />
      <text x={flow.labelX} y={flow.labelY}>
        {flow.label}
      </text>
    </g>
  );
}

function MemoryDrawing(props: {
  readonly box: MemoryBox;
  readonly x: number;
  readonly width: number;
}) {
  const { box, x, width } = props;
  const classes = [
    'witness-memory',
    box.state === 'old' ? 'witness-old' : '',
    box.changed ? 'witness-changed' : '',
    box.isRead ? 'witness-read' : '',
  ];
  return (
    <g class={classes.join(' ')}>
      <rect class="witness-box" x={x} y={box.y} width={width} height={MEMORY} rx={4} />
      <text class="witness-value" x={x + 14} y={box.y + 22}>
        {box.name} = {box.value}
      </text>
      <text class="witness-told" x={x + 14} y={box.y + 42}>
        {box.word}
      </text>
    </g>
  );
}

function PanelDrawing(props: {
  readonly panel: Panel;
  readonly x: number;
  readonly width: number;
}) {
  const { panel, x, width } = props;
  return (
    <g>
      <text class="witness-title" x={x} y={panel.y + 16}>
        {panel.title}
      </text>
      {panel.rows.map((row) => (
        <g key={row.key} class={row.changed ? 'witness-row witness-changed' : 'witness-row'}>
          <rect x={x} y={row.y} width={width} height={LINE - 2} rx={3} />
          <text class="witness-cell" x={x + 14} y={row.y + 15}>
            {row.text}
          </text>
        </g>
      ))}
    </g>
  );
}
