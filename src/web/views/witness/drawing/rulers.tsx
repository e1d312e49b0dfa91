// Bits of addresses as a drawing.

import { BAR, type Ruler, type Rulers } from '../layout/ruler.ts';

const DIFFERS = 'witness-differs';

/** A group to stand in an `svg`. */
export function RulersDrawing({ rulers }: { readonly rulers: Rulers }) {
  return (
    <g>
      {rulers.rulers.map((ruler) => (
        <RulerDrawing key={ruler.y} ruler={ruler} />
      ))}
    </g>
  );
}

function RulerDrawing({ ruler }: { readonly ruler: Ruler }) {
  const { y, segments } = ruler;
  const last = segments.at(-1);
  return (
    <g>
      <text class="witness-label" x={12} y={y + 16}>
        {ruler.label}
      </text>
      <text class="witness-cell" x={12} y={y + 34}>
        {ruler.address}
      </text>
      {segments.map((segment) => (
        <g
          key={segment.x}
          class={`witness-bits witness-bits-${segment.kind} ${segment.differs ? DIFFERS : ''}`}
        >
          <text class="witness-small" x={segment.x + 4} y={y - 4}>
            {segment.bits}
          </text>
          <rect x={segment.x} y={y} width={segment.width} height={BAR} />
          <text class="witness-name" x={segment.x + 6} y={y + 16}>
            {segment.name}
          </text>
          <text class="witness-cell" x={segment.x + 6} y={y + 33}>
            {segment.value}
          </text>
        </g>
      ))}
      {ruler.result === '' || last === undefined ? null : (
        <text class="witness-value" x={last.x + last.width + 12} y={y + 26}>
          {ruler.result}
        </text>
      )}
    </g>
  );
}
