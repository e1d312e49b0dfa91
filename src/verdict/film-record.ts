// What a film holds: a run as a plain record from which any front end can draw each step, without
// knowing the transition system behind it.
//
// Things have stable keys: `thread:P0`, `cache:0`, `copy:x.U`, `memory:x`, `register:P0:r0`,
// `reach:U`, `lock:m`. What stays the same from frame to frame (where a copy is in the cache, what
// an address looks like) stands once, beside the frames.

import type { AliasClass, CacheKind, Dcache } from '../hw/index.ts';
import type { Witness } from './witness.ts';

/** A run, step by step. It can be written as JSON and read again without loss. */
export interface Film {
  /** The same run told in sentences: text and drawing cannot differ. */
  readonly witness: Witness;
  /** Machine id or cache kind, with the name people use. */
  readonly on: { readonly id: string; readonly name: string };
  readonly actors: readonly FilmActor[];
  /** As many as the witness has, in its order. */
  readonly steps: readonly FilmStep[];
  /** One more than there are steps: before the first, and after each. */
  readonly frames: readonly FilmFrame[];
  readonly geometry: FilmGeometry;
  readonly lines: readonly FilmLine[];
  readonly mappings: readonly FilmMapping[];
  readonly addresses: readonly FilmAddress[];
  /** Whether the run has come to the outcome that is asked for. */
  readonly holds: boolean;
  readonly copies: readonly FilmCopy[];
  /** What the drawing does not show, or shows in a simplified way, and why. */
  readonly notes: readonly string[];
}

/** A row of the timeline. */
export interface FilmActor {
  readonly key: string;
  /** `power`: crashes. `waiting`: the threads wait for each other for ever. */
  readonly kind: 'thread' | 'data-cache' | 'instruction-cache' | 'power' | 'waiting';
  readonly name: string;
  /** Absent where it is the matter of no single CPU. */
  readonly cpu?: number;
}

/** Who takes a step, and which things it changes; what is said of it stands in the witness. */
export interface FilmStep {
  readonly actor: string;
  /** An injected failure of a call. */
  readonly fails: boolean;
  readonly changed: readonly string[];
  /** Of a step that reads. */
  readonly read?: FilmRead;
}

/** What a load or fetch takes, and from where. */
export interface FilmRead {
  /** Key of the copy that is hit, or filled by the miss; absent where it goes around the cache. */
  readonly copy?: string;
  /** Key of the line. */
  readonly line: string;
  readonly isHit: boolean;
  readonly value: string;
  /** Another value was stored to that cell last. */
  readonly old: boolean;
  /** Key of the register that gets it; absent where a kernel runs. */
  readonly register?: string;
  /** The thread that reads. */
  readonly thread: string;
}

/** The state between two steps. Each list has the same keys in the same order in every frame. */
export interface FilmFrame {
  readonly copies: readonly FrameCopy[];
  readonly memory: readonly FrameMemory[];
  readonly registers: readonly FrameValue[];
  readonly reach: readonly FrameReach[];
  readonly locks: readonly FrameLock[];
  /** Power has failed. */
  readonly crashed: boolean;
}

/** One possible copy of a line; `values` is empty while it is absent. */
export interface FrameCopy {
  readonly key: string;
  readonly state: 'absent' | 'clean' | 'dirty';
  readonly values: readonly string[];
  /** Cells that differ from the newest value stored to them, by whatever address. */
  readonly old: readonly boolean[];
  /** The way it is in; the same for as long as it is there. Absent while the copy is. */
  readonly way?: number;
}

/** A line in memory, or on its medium. */
export interface FrameMemory {
  readonly key: string;
  /** Key of the line. */
  readonly line: string;
  readonly values: readonly string[];
  /** The last value stored to each cell, wherever it is now. */
  readonly newest: readonly string[];
  readonly old: readonly boolean[];
}

/** A register, e.g. `P0:r0`. */
export interface FrameValue {
  readonly key: string;
  readonly name: string;
  readonly value: string;
  /** False until a step puts something there: the value then means nothing. */
  readonly written: boolean;
}

/** Whether an address leads to its page, so that threads and hardware can use it. */
export interface FrameReach {
  readonly key: string;
  readonly mapping: string;
  readonly mapped: boolean;
}

/** `shared`: held for reading, by so many. */
export interface FrameLock {
  readonly key: string;
  readonly name: string;
  readonly state: 'free' | 'held' | 'shared';
  readonly readers?: number;
  /** The thread that holds it, where that is known. */
  readonly holder?: string;
}

/** What the copies lie in. */
export interface FilmGeometry {
  readonly pageBytes: number;
  /** Bits of the addresses of this film: 32, 40, or 48 of 64. */
  readonly addressBits: number;
  /** Absent where no data cache is modelled. */
  readonly data?: FilmCache;
  /** Absent where fetches see stores by themselves, or nobody fetches. */
  readonly fetch?: FilmCache;
}

/** A first-level cache of each CPU. */
export interface FilmCache {
  readonly kind: CacheKind;
  readonly aliasClass: AliasClass;
  readonly sizeBytes: number;
  readonly ways: number;
  readonly lineBytes: number;
  readonly sets: number;
  /** Write policy, of a data cache only. */
  readonly write?: Dcache['write'];
  readonly allocateOnWrite?: boolean;
  /** 1 where the address bits above the page offset pick no set. */
  readonly colours: number;
  /** Which address picks the set; hardware that finds synonyms behaves as if physically indexed. */
  readonly indexedBy: 'virtual' | 'physical';
  readonly taggedBy: 'virtual' | 'physical';
  /** A cache kind has no figures of its own: these are an example. */
  readonly isExample: boolean;
}

/** One line of memory under test. */
export interface FilmLine {
  readonly key: string;
  /** As witnesses call it; lines that are one line in turn have one name. */
  readonly name: string;
  readonly page: string;
  /** Within its page, in bytes. */
  readonly offset: number;
  readonly cells: number;
}

/** An address of a page that the kernel or a process has. */
export interface FilmMapping {
  readonly key: string;
  /** As witnesses call it. */
  readonly name: string;
  readonly page: string;
  readonly side: 'kernel' | 'user';
  /** `linear`: where the kernel has all memory; `window`: a kernel address beside it. */
  readonly place: 'linear' | 'window' | 'user';
  readonly uncached: boolean;
  /** Whether a step of the run goes through it, or a copy under it is ever there. */
  readonly used: boolean;
}

/**
 * A line through a mapping, as a number. Under the small model the numbers are examples: a test
 * says no more than colours, and these have those colours. Where a kernel runs they are its own.
 */
export interface FilmAddress {
  readonly mapping: string;
  readonly line: string;
  readonly virtual: number;
  readonly physical: number;
  /** Absent where the mapping goes around that cache, or there is none. */
  readonly data?: FilmLookup;
  readonly fetch?: FilmLookup;
}

/** What a cache makes of an address. */
export interface FilmLookup {
  readonly set: number;
  /** The colour of the page; absent where the cache has one only. */
  readonly colour?: number;
  readonly tag: number;
  /** Bits of each address from the highest down; widths sum up to `addressBits`. */
  readonly virtual: readonly FilmBits[];
  readonly physical: readonly FilmBits[];
}

/**
 * A field of an address. `page`: translated, the cache does not look at it; `in-page`: the same in
 * both addresses, and looked at in the other; `unused`: not looked up, kept for
 * fills and write-backs.
 */
export interface FilmBits {
  readonly name: 'tag' | 'colour' | 'index' | 'offset' | 'page' | 'in-page' | 'unused';
  /** The lowest of its bits. */
  readonly low: number;
  readonly bits: number;
  readonly value: number;
}

/** A place for a copy of a line: the copies of one line are those with the same `line`. */
export interface FilmCopy {
  readonly key: string;
  /** As witnesses call it: `copy of x under U`. */
  readonly name: string;
  /** Key of the line. */
  readonly line: string;
  readonly cache: 'data' | 'fetch';
  readonly cpu: number;
  /** Names of the addresses that hit it. */
  readonly addresses: readonly string[];
  readonly mappings: readonly string[];
  readonly set: number;
  readonly tag: number;
  readonly colour?: number;
}
