// All functions of a tree by name, and which of them a call means. C resolves names by the linker
// and the configuration; we know neither, and go by what is near.

import { at } from '../../base/index.ts';
import type { FunctionFacts } from './facts.ts';
import { knownAliases } from './known.ts';
import type { Scanned, ScannedFunction } from './scan.ts';

/** A function of the tree. */
export interface ProgramFunction extends ScannedFunction {
  readonly id: number;
  readonly file: number;
}

/** A file of the tree. */
export interface ProgramFile {
  readonly path: string;
  readonly isHeader: boolean;
  /** What of the tree is one program: the kernel, or a tool. */
  readonly space: string;
  readonly functions: readonly ProgramFunction[];
  readonly aliases: ReadonlyMap<string, string>;
}

interface Alias {
  readonly file: number;
  readonly target: string;
}

/** Aliases of aliases beyond this are a circle. */
const mostAliases = 8;

/** The functions of a tree, and what is known of them so far. */
export class Program {
  readonly files: readonly ProgramFile[];
  readonly functions: readonly ProgramFunction[];
  readonly facts: (FunctionFacts | undefined)[];
  /** Functions that other files may call, and all of headers, by name. */
  readonly shared = new Map<string, number[]>();
  readonly aliases = new Map<string, Alias[]>();
  /** Functions that call a name where they want its value. */
  readonly callers = new Map<string, number[]>();
  readonly resolved = new Map<string, Map<number, readonly number[]>>();

  /** Files in the order of their paths. */
  constructor(scans: readonly { readonly path: string; readonly scanned: Scanned }[]) {
    const functions: ProgramFunction[] = [];
    this.files = scans.map(({ path, scanned }, file) => {
      const own = scanned.functions.map((one) => {
        const made = { ...one, id: functions.length, file };
        functions.push(made);
        return made;
      });
      return {
        path,
        isHeader: path.endsWith('.h'),
        space: spaceOf(path),
        functions: own,
        aliases: new Map(scanned.aliases.map(({ name, target }) => [name, target])),
      };
    });
    this.functions = functions;
    this.facts = functions.map(() => undefined);
    this.index();
  }

  index(): void {
    // Most calls are of functions that give numbers: nobody asks for their callers.
    const pointers = new Set(knownAliases.keys());
    for (const one of this.functions) if (one.returnsPointer) pointers.add(one.name);
    for (const { aliases } of this.files) for (const name of aliases.keys()) pointers.add(name);
    for (const one of this.functions) {
      const { isHeader } = at(this.files, one.file);
      if (isHeader || !one.isStatic) push(this.shared, one.name, one.id);
      for (const name of one.calls) if (pointers.has(name)) push(this.callers, name, one.id);
    }
    for (const [file, { isHeader, aliases }] of this.files.entries()) {
      if (!isHeader) continue;
      for (const [name, target] of aliases) push(this.aliases, name, { file, target });
    }
  }

  /** The definitions that a call of `name` in `file` may mean; empty where there is none. */
  resolve(name: string, file: number): readonly number[] {
    let byFile = this.resolved.get(name);
    if (byFile === undefined) {
      byFile = new Map<number, readonly number[]>();
      this.resolved.set(name, byFile);
    }
    const known = byFile.get(file);
    if (known !== undefined) return known;
    const found = this.search(name, file, 0);
    byFile.set(file, found);
    return found;
  }

  search(name: string, file: number, depth: number): readonly number[] {
    if (depth > mostAliases) return [];
    const { functions, aliases } = at(this.files, file);
    const here = functions.filter((one) => one.name === name);
    if (here.length > 0) return here.map((one) => one.id);
    const own = aliases.get(name);
    if (own !== undefined) return this.search(own, file, depth + 1);
    const visible = (this.shared.get(name) ?? []).filter((id) => this.sees(file, this.fileOf(id)));
    const sources = visible.filter((id) => !at(this.files, this.fileOf(id)).isHeader);
    if (sources.length > 0) return this.nearest(file, sources);
    const alias = this.aliasOf(name, file);
    if (alias !== undefined) return this.search(alias, file, depth + 1);
    return this.nearest(file, visible);
  }

  fileOf(id: number): number {
    return at(this.functions, id).file;
  }

  /** What a macro of a header stands for, where all that are visible agree. */
  aliasOf(name: string, file: number): string | undefined {
    const known = knownAliases.get(name);
    if (known !== undefined) return known;
    const visible = (this.aliases.get(name) ?? []).filter((one) => this.sees(file, one.file));
    const targets = new Set(visible.map((one) => one.target));
    return targets.size === 1 ? [...targets][0] : undefined;
  }

  /** Whether code of one file may call what another defines. */
  sees(from: number, to: number): boolean {
    const caller = at(this.files, from);
    const other = at(this.files, to);
    if (caller.space !== other.space && !isToolLibrary(caller, other)) return false;
    const [arch, otherArch] = [archOf(caller.path), archOf(other.path)];
    if (arch !== undefined && otherArch !== undefined && arch !== otherArch) return false;
    if (!other.isHeader || isPublic(other.path)) return true;
    return common(caller.path, other.path) >= 2;
  }

  /** Those that share the longest path with the caller. */
  nearest(file: number, ids: readonly number[]): readonly number[] {
    if (ids.length < 2) return ids;
    const { path } = at(this.files, file);
    const shared = ids.map((id) => common(path, at(this.files, this.fileOf(id)).path));
    const most = Math.max(...shared);
    return ids.filter((_, i) => shared[i] === most);
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}

/** Programs of their own: every tool, test and sample of user space. */
function spaceOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] === 'tools') return parts.slice(0, parts[1] === 'testing' ? 4 : 2).join('/');
  return parts[0] === 'scripts' || parts[0] === 'usr' || parts[0] === 'Documentation'
    ? parts[0]
    : 'kernel';
}

function isToolLibrary(caller: ProgramFile, other: ProgramFile): boolean {
  return caller.path.startsWith('tools/') && /^tools\/(?:lib|include)$/.test(other.space);
}

function archOf(path: string): string | undefined {
  return /^arch\/([^/]+)\//.exec(path)?.[1];
}

function isPublic(path: string): boolean {
  return path.startsWith('include/') || path.includes('/include/');
}

/** Folders that two paths share from the top. */
function common(a: string, b: string): number {
  const left = a.split('/');
  const right = b.split('/');
  let count = 0;
  while (count < left.length - 1 && left[count] === right[count]) count++;
  return count;
}
