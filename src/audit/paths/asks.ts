// What must be configured for a function of the same folder to answer with anything but 0: where
// its file is not built, callers have a stand-in that answers 0, and it may ask IS_ENABLED().

import { type Flow, readFunction, type Unit } from '../flow/index.ts';
import type { CSyntax } from '../c/index.ts';
import type { SourceTree } from '../tree.ts';
import { type Sources, type Trace, Walker } from '../walk/index.ts';
import { kbuildSymbols } from './kbuild.ts';
import { common, waysTo } from './ways.ts';

/** Answers, kept by folder and name. */
export class FolderAnswers {
  readonly #tree: SourceTree;
  readonly #syntax: CSyntax;
  readonly #sources: Sources;
  readonly #known = new Map<string, readonly string[]>();

  constructor(tree: SourceTree, syntax: CSyntax, sources: Sources) {
    this.#tree = tree;
    this.#syntax = syntax;
    this.#sources = sources;
  }

  /** Symbols (without CONFIG_) that a call from `unit` needs to give anything but 0. */
  neededBy(name: string, unit: Unit): readonly string[] {
    const folder = unit.file.slice(0, unit.file.lastIndexOf('/'));
    const key = `${folder} ${name}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    this.#known.set(key, []);
    const needed = this.#needed(name, unit, folder);
    this.#known.set(key, needed);
    return needed;
  }

  #needed(name: string, unit: Unit, folder: string): readonly string[] {
    if (this.#sources.flow(name, unit) !== undefined) return [];
    const head = new RegExp(`^(?!\\s|#)[^;{}()]*\\b${name}\\([^;{}]*\\)\\s*\\{`, 'm');
    for (const entry of this.#tree.list(folder) ?? []) {
      const file = `${folder}/${entry}`;
      if (!entry.endsWith('.c') || file === unit.file) continue;
      const text = this.#tree.read(file);
      if (!text.ok || !text.value.includes(`${name}(`)) continue;
      const match = head.exec(text.value);
      if (match === null) continue;
      const end = text.value.indexOf('\n}', match.index);
      if (end < 0) continue;
      const [flow] = readFunction(file, text.value, match.index, end + 2, this.#syntax);
      const built = kbuildSymbols(this.#tree, file) ?? [];
      const asked = flow === undefined ? [] : this.#askedIn(flow, unit);
      // What builds the caller as well tells nothing.
      const own = kbuildSymbols(this.#tree, unit.file) ?? [];
      return [...new Set([...built.filter((one) => !own.includes(one)), ...asked])];
    }
    return [];
  }

  #askedIn(flow: Flow, unit: Unit): readonly string[] {
    const walker = new Walker({ protocols: [], sources: this.#sources, maxSteps: 1000 });
    const ends: Trace[] = [];
    for (const { state, value } of walker.run(flow, unit)) {
      if ((state.parts(value) & ~1) !== 0) ends.push(state.trace);
    }
    if (walker.notChecked.size > 0) return [];
    return [...common(waysTo(ends, walker.merges, () => []))].flatMap(([symbol, on]) =>
      on ? [symbol] : [],
    );
  }
}
