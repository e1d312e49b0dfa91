// The drawing as a file of its own: the style that the page gives it goes into it, in the colours
// of paper.

/** The text of an SVG file with what `svg` shows. */
export function svgFile(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true);
  const text = new XMLSerializer().serializeToString(copy);
  return `${text.replace('<defs>', `<style>${STYLE}</style><defs>`)}\n`;
}

const STYLE = [
  'svg{background:#fff;font:12px "DejaVu Sans Mono",Menlo,Consolas,monospace}',
  'text{text-anchor:middle;fill:#16191d}',
  '.a-detail,.a-words text{font-size:11px}',
  '.a-detail{fill:#535b66}',
  '.a-box,.a-inner{fill:#f3f4f6;stroke:#535b66}',
  '.a-inner{fill:none}',
  '.a-cut .a-box{stroke-dasharray:4 3}',
  '.a-edge{fill:none;stroke:#8a929c;stroke-width:1.2}',
  '.a-edge.a-fails{stroke-dasharray:5 3}',
  '.a-edge.a-way{stroke:#a3161b;stroke-width:3.5;stroke-dasharray:none}',
  '.a-head path{fill:#8a929c}',
  '.a-head.a-way path{fill:#a3161b}',
  '.a-words rect{fill:#fff}',
  '.a-words.a-way text{font-weight:700;fill:#a3161b}',
  '.a-state.a-way .a-box{stroke:#a3161b;stroke-width:2}',
  '.a-finding .a-box{fill:#fde7e7;stroke:#a3161b;stroke-width:3}',
  '.a-badge rect{fill:#a3161b}',
  '.a-badge text{fill:#fff;font-weight:700}',
].join('');
