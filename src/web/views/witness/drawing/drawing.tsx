// The frame of each drawing.

import type { ComponentChildren } from 'preact';

/** A drawing with its size; `label` says what it shows. */
export function Drawing(props: {
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  const { width, height, label, children } = props;
  return (
    <svg
      class="witness-svg"
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
    >
      {children}
    </svg>
  );
}
