// Where a figure, a branch or a fact comes from. Everything Dachs claims carries at least one.

/** Provenance of one claim. */
export type Source =
  /** A line of the tree that was audited; `file` is relative to the tree's root. */
  | { readonly kind: 'tree'; readonly file: string; readonly line: number }
  /** Kernel source of a named release, read when the catalogue was written. */
  | {
      readonly kind: 'kernel';
      readonly file: string;
      readonly symbol?: string;
      readonly release: string;
    }
  | { readonly kind: 'commit'; readonly id: string; readonly subject?: string }
  | { readonly kind: 'manual'; readonly title: string; readonly section?: string }
  | { readonly kind: 'mail'; readonly subject: string; readonly date: string }
  /** Not stated anywhere: follows from the other facts by the argument given. */
  | { readonly kind: 'inference'; readonly why: string };

/** A value and what says so. */
export interface Fact<T> {
  readonly value: T;
  readonly sources: readonly Source[];
}

/** One line of ASCII naming the source: `fs/Kconfig:60`, `mm/c-r4k.c probe_pcache() v6.12`. */
export function formatSource(source: Source): string {
  switch (source.kind) {
    case 'tree':
      return `${source.file}:${source.line}`;
    case 'kernel':
      return `${source.file}${source.symbol ? ` ${source.symbol}` : ''} v${source.release}`;
    case 'commit':
      return `commit ${source.id}${source.subject ? ` ("${source.subject}")` : ''}`;
    case 'manual':
      return `${source.title}${source.section ? `, ${source.section}` : ''}`;
    case 'mail':
      return `mail "${source.subject}", ${source.date}`;
    case 'inference':
      return `inferred: ${source.why}`;
  }
}
