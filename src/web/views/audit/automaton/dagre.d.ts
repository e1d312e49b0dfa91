// What of dagre is used, with its types: those of the package name its parts without their
// extensions, which this project's way of resolving modules does not follow.

declare module '@dagrejs/dagre' {
  interface Spot {
    readonly x: number;
    readonly y: number;
  }

  interface GraphOptions {
    readonly rankdir: 'TB';
    readonly nodesep: number;
    readonly edgesep: number;
    readonly ranksep: number;
    readonly marginx: number;
    readonly marginy: number;
  }

  interface EdgeOptions {
    readonly width: number;
    readonly height: number;
    readonly labelpos: 'c';
    readonly weight: number;
  }

  /** A graph; after its layout its parts have places. */
  export class Graph {
    constructor(options: { readonly multigraph: boolean });
    setGraph(options: GraphOptions): void;
    setNode(id: string, size: { readonly width: number; readonly height: number }): void;
    setEdge(from: string, to: string, options: EdgeOptions, name: string): void;
    graph(): { readonly width?: number; readonly height?: number };
    node(id: string): Spot;
    /** Edges of no width have no place for words. */
    edge(
      from: string,
      to: string,
      name: string,
    ): Partial<Spot> & { readonly width: number; readonly points: readonly Spot[] };
  }

  /** Gives every part of the graph its place. */
  export function layout(graph: Graph): void;
}
