// One file of C: its functions as graphs, and what stands around them.

import type { NotChecked } from '../c/index.ts';
import { type SplitPart, splitConditions } from '../c/mask-split.ts';
import type { CNode, CSyntax } from '../c/syntax.ts';
import { conditionalParts, conditionOf, isConditional, negated } from './condition.ts';
import { declaratorsOf, declaredBy, typeWords } from './declarator.ts';
import { type Around, Draft } from './draft.ts';
import { fileCalls } from './file-call.ts';
import type { Expr, Flow, Macro, Table, Unit } from './flow.ts';
import { freeHelpers } from './free-helper.ts';
import { lineTable } from './line-table.ts';
import { lowerExpr, lowerList } from './lower-expr.ts';
import { lowerFunction } from './lower-function.ts';
import { lowerBlock } from './lower-statement.ts';
import { macroOf } from './macro.ts';

interface Found {
  readonly flows: Flow[];
  readonly tables: Table[];
  readonly macros: Map<string, Macro>;
  readonly includes: { path: string; quoted: boolean }[];
  /** Parts of the file that hold no calls at file level: comments. */
  readonly comments: { readonly from: number; readonly to: number }[];
  readonly errors: { readonly why: string; readonly at: number }[];
}

/** Reads a whole file: every function, and what stands at file level. */
export function readUnit(file: string, text: string, syntax: CSyntax): Unit {
  const splits = splitConditions(text);
  const source = { file, text, base: 0, syntax, splits };
  const found = syntax.parse(text, (root) => collect(root, source));
  const place = lineTable(file, text);
  const notChecked: NotChecked[] = found.errors.map(({ why, at }) => {
    return { subject: 'file', why, file, line: place(at).line };
  });
  const covered = [...found.comments, ...found.flows.map((f) => ({ from: f.at, to: f.end }))];
  return {
    file,
    text,
    flows: found.flows,
    tables: found.tables,
    calls: fileCalls(text, covered),
    frees: freeHelpers(file, text, syntax),
    macros: found.macros,
    includes: found.includes,
    notChecked,
    place,
  };
}

/**
 * Reads the definitions in `[from, to)` alone, which should begin and end with lines; conditions
 * around them are not seen. Offsets are those of the whole file.
 */
export function readFunction(
  file: string,
  text: string,
  from: number,
  to: number,
  syntax: CSyntax,
): readonly Flow[] {
  const slice = text.slice(from, to);
  const source = { file, text: slice, base: from, syntax, splits: splitConditions(slice) };
  return syntax.parse(slice, (root) => collect(root, source).flows);
}

interface Source {
  readonly file: string;
  readonly text: string;
  readonly base: number;
  readonly syntax: CSyntax;
  readonly splits: readonly SplitPart[];
}

interface Item {
  readonly node: CNode;
  readonly within: readonly Expr[];
}

/** Goes through the file level, into conditions, and into what the grammar does not know. */
function collect(root: CNode, source: Source): Found {
  const found: Found = {
    flows: [],
    tables: [],
    macros: new Map(),
    includes: [],
    comments: [],
    errors: [],
  };
  const around: Around = {
    base: source.base,
    note: (why, at) => found.errors.push({ why, at }),
  };
  const draft = new Draft(around, undefined, lowerBlock);
  const stack: Item[] = [{ node: root, within: [] }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const below = takeItem(next, source, draft, found);
    for (const item of below.toReversed()) stack.push(item);
  }
  return found;
}

/** Takes what an item is, and says what of its parts is to be looked at. */
function takeItem(
  { node, within }: Item,
  source: Source,
  draft: Draft,
  found: Found,
): readonly Item[] {
  const { base, file, text, syntax, splits } = source;
  if (node.isMissing) draft.around.note('syntax error', base + node.offset);
  if (isConditional(node)) return conditionalItems(node, within, draft);
  switch (node.kind) {
    case 'ERROR':
      draft.around.note('syntax error', base + node.offset);
      return node.children.map((child) => ({ node: child, within }));
    case 'translation_unit':
    case 'declaration_list':
    case 'linkage_specification':
    case 'preproc_else':
      return node.children.map((child) => ({ node: child, within }));
    case 'function_definition': {
      const flow = lowerFunction(node, { file, base, text, within, splits });
      if (flow !== undefined) found.flows.push(flow);
      else draft.around.note('a function without a name', base + node.offset);
      return [];
    }
    case 'declaration':
      takeTables(node, within, draft, found.tables);
      return [];
    case 'comment':
      found.comments.push({ from: base + node.offset, to: base + node.endOffset });
      return [];
    case 'preproc_def':
    case 'preproc_function_def': {
      const macro = macroOf(node, base, syntax);
      const known = found.macros.get(macro.name);
      // Which of two holds depends on the configuration: then neither is known.
      const other = known !== undefined && known.body !== macro.body;
      found.macros.set(macro.name, other ? { ...withoutExpr(known) } : (known ?? macro));
      return [];
    }
    case 'preproc_include': {
      const written = node.field('path')?.text ?? '';
      const path = written.replace(/^[<"]|[>"]$/g, '');
      found.includes.push({ path, quoted: written.startsWith('"') });
      return [];
    }
    default:
      return [];
  }
}

function withoutExpr({ name, params, body, at }: Macro): Macro {
  return { name, params, body, expr: undefined, at };
}

function conditionalItems(node: CNode, within: readonly Expr[], draft: Draft): readonly Item[] {
  const test = conditionOf(node, draft);
  const inside = [...within, test];
  const items: Item[] = conditionalParts(node).map((child) => ({ node: child, within: inside }));
  const other = node.field('alternative');
  if (other !== undefined) items.push({ node: other, within: [...within, negated(test)] });
  return items;
}

function takeTables(node: CNode, within: readonly Expr[], draft: Draft, tables: Table[]): void {
  const type = typeWords(node);
  for (const declarator of declaratorsOf(node)) {
    const value = declarator.kind === 'init_declarator' ? declarator.field('value') : undefined;
    const { name } = declaredBy(declarator);
    if (value?.kind !== 'initializer_list' || name === undefined) continue;
    const at = draft.around.base + name.offset;
    tables.push({ name: name.text, type, init: lowerList(value, draft, 0), at, within });
  }
}

/** The one expression that `node` holds, for macros: undefined where it has an error. */
export function expressionOf(node: CNode, base: number): Expr | undefined {
  if (node.hasError) return undefined;
  const around: Around = { base, note: () => undefined };
  return lowerExpr(node, new Draft(around, undefined, lowerBlock), 0);
}
