// All facts about alloc_dax() in one tree: its definition, the inline function that stands for it
// where DAX is off, its callers, and alias tests that stand in filesystems instead.

import { kernelFolders, otherFolders, type SourceTree } from '../tree.ts';
import { readCaller } from './callers.ts';
import { readDefinition, readStub } from './definition.ts';
import type {
  AllocDaxCaller,
  AllocDaxDefinition,
  AllocDaxFacts,
  AllocDaxStub,
  FilesystemGate,
  NotChecked,
} from './facts.ts';
import { filesystemGates } from './fs-gates.ts';
import { blankComments } from './preprocessor.ts';
import { ancestor, calleeOf, type CNode, type CSyntax, functionName, nodeAt } from './syntax.ts';

// The function this file is about.
const ALLOC_DAX = 'alloc_dax';

// A file larger than this is not parsed but listed: no kernel source comes near it.
const MAX_FILE_LENGTH = 4_000_000;

/** Reads every C file that names alloc_dax(). */
export function readAllocDax(tree: SourceTree, syntax: CSyntax): AllocDaxFacts {
  const found = new Findings();
  for (const file of tree.filesContaining(ALLOC_DAX, kernelFolders(tree))) {
    const text = tree.read(file);
    if (!text.ok || text.value.length > MAX_FILE_LENGTH) {
      const why = text.ok ? 'the file is too large to be parsed' : text.problem.what;
      found.notChecked.push({ subject: `uses of ${ALLOC_DAX}()`, why, file, line: 1 });
      continue;
    }
    readUses(file, text.value, syntax, found);
  }
  found.notChecked.push(...undefinedThough(found));
  const opsIndex = found.definition?.opsIndex ?? 1;
  const callers = found.callers.map((c) => ({ ...c, nullOps: isNull(c.args[opsIndex]) }));
  const gates = filesystemGates(tree, syntax);
  const notChecked = [...found.notChecked, ...gates.notChecked].sort(byPlace);
  return {
    definition: found.definition,
    absent: absence(found),
    stub: found.stub,
    callers: callers.sort((a, b) => byPlace(a.place, b.place)),
    filesystemGates: gates.gates,
    runTime: runTimeGate(found, gates.gates, tree),
    notChecked,
  };
}

class Findings {
  definition: AllocDaxDefinition | undefined;
  stub: AllocDaxStub | undefined;
  readonly callers: AllocDaxCaller[] = [];
  readonly notChecked: NotChecked[] = [];
}

/** Every place where the file names the function is understood, or listed. */
function readUses(file: string, text: string, syntax: CSyntax, found: Findings): void {
  const code = blankComments(text);
  const offsets = [...code.matchAll(/\balloc_dax\b/g)].map((m) => m.index);
  if (offsets.length === 0) return;
  syntax.parse(text, (root) => {
    for (const offset of offsets) readUse(file, nodeAt(root, offset), found, { text, offset });
  });
}

function readUse(
  file: string,
  node: CNode,
  found: Findings,
  at: { readonly text: string; readonly offset: number },
): void {
  const line = at.text.slice(0, at.offset).split('\n').length;
  const list = (subject: string, why: string): void => {
    found.notChecked.push({ subject: `${subject} ${ALLOC_DAX}()`, why, file, line });
  };
  if (node.kind !== 'identifier' || node.text !== ALLOC_DAX) {
    const macro = ancestor(node, (n) => n.kind.startsWith('preproc_') && n.kind.includes('def'));
    if (macro === undefined) return list('use of', `stands in a ${node.kind} that was not read`);
    const name = macro.field('name')?.text ?? 'a macro';
    return list('caller of', `hidden in the macro ${name}`);
  }
  const parent = node.parent;
  const fun = ancestor(node, (n) => n.kind === 'function_definition');
  if (parent?.kind === 'call_expression' && calleeOf(parent) === ALLOC_DAX) {
    if (fun === undefined) return list('caller of', 'the call stands outside of any function');
    if (fun.hasError) {
      return list(
        'caller of',
        `${functionName(fun) ?? 'the function'}() has syntax not understood`,
      );
    }
    found.callers.push(readCaller(file, parent, fun));
    return;
  }
  if (parent?.kind === 'function_declarator') {
    if (fun === undefined || functionName(fun) !== ALLOC_DAX) return;
    if (fun.hasError) return list('definition of', 'its body has syntax not understood');
    return readOwn(file, fun, found, list);
  }
  const outer = ancestor(node, (n) => n.kind === 'call_expression');
  if (outer !== undefined && calleeOf(outer)?.startsWith('EXPORT_SYMBOL')) return;
  // EXPORT_SYMBOL_GPL(x); at file level may also be read as a declaration of x.
  if (fun === undefined && /\bEXPORT_SYMBOL\w*\s*\($/.test(at.text.slice(0, at.offset))) return;
  list('use of', 'the function is used as a value');
}

function readOwn(
  file: string,
  fun: CNode,
  found: Findings,
  list: (subject: string, why: string) => void,
): void {
  const inline = /^[^({]*\binline\b/.test(fun.text);
  if (inline && found.stub === undefined) {
    found.stub = readStub(file, fun);
  } else if (!inline && found.definition === undefined) {
    const read = readDefinition(file, fun);
    found.definition = read.definition;
    found.notChecked.push(...read.notChecked);
  } else {
    list('definition of', 'a second definition; only the first was read');
  }
}

function isNull(arg: string | undefined): boolean {
  return arg === 'NULL' || arg === '0' || arg === '((void*)0)';
}

// What is called or replaced must be defined: without a definition the tree is not whole.
function undefinedThough(found: Findings): readonly NotChecked[] {
  const { definition, callers, stub, notChecked } = found;
  const place = callers[0]?.place ?? stub?.place;
  if (definition !== undefined || place === undefined || notChecked.length > 0) return [];
  const why = 'no C file defines it, though it stands here: the tree is not complete';
  return [{ subject: `definition of ${ALLOC_DAX}()`, why, file: place.file, line: place.line }];
}

function absence(found: Findings): AllocDaxFacts['absent'] {
  if (found.definition !== undefined || found.notChecked.length > 0) return undefined;
  const why = `no C file outside of ${otherFolders.join(', ')} defines ${ALLOC_DAX}()`;
  const value = `no ${ALLOC_DAX}() (it came with 4.12): a gate can stand in Kconfig only`;
  return { value, sources: [{ kind: 'inference', why }] };
}

function runTimeGate(
  found: Findings,
  gates: readonly FilesystemGate[],
  tree: SourceTree,
): AllocDaxFacts['runTime'] {
  const test = found.definition?.aliasTests[0];
  if (test !== undefined) return { value: 'alloc_dax', sources: [sourceOf(test.place)] };
  if (gates.length > 0) {
    return { value: 'filesystem', sources: gates.map((g) => sourceOf(g.place)) };
  }
  const unclear = found.notChecked.filter((n) => n.subject.startsWith('alias test'));
  if (unclear.length > 0) return { value: 'not-checked', sources: unclear.map(sourceOf) };
  if (found.definition !== undefined) {
    return { value: 'none', sources: [sourceOf(found.definition.place)] };
  }
  if (found.notChecked.length > 0) {
    return { value: 'not-checked', sources: found.notChecked.map(sourceOf) };
  }
  const why = `${tree.name} has no ${ALLOC_DAX}() and no alias test below fs/`;
  return { value: 'none', sources: [{ kind: 'inference', why }] };
}

function sourceOf(place: { readonly file: string; readonly line: number }) {
  return { kind: 'tree', file: place.file, line: place.line } as const;
}

function byPlace(
  a: { readonly file: string; readonly line: number },
  b: { readonly file: string; readonly line: number },
): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}
