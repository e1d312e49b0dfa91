// What could be typed next in a litmus test, by where the cursor stands.

import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import type { EditorState } from '@codemirror/state';
import { machineArches, machines } from '../../../../hw/index.ts';
import {
  keyNames,
  type Primitive,
  primitives,
  remedyNames,
  resultKernels,
  signature,
  stackPrimitives,
  traitWords,
} from '../../../../litmus/index.ts';
import { type Declared, declaredNames, wholeTree } from './names.ts';
import {
  addressMakers,
  addressOptions,
  conditionWords,
  deviceKinds,
  fileOptions,
  fileSystems,
  headerWords,
  itemWords,
  questionWords,
  resultParts,
  resultWords,
  statementWords,
  type Word,
} from './words.ts';

/** Completions at the cursor; null where nothing is known to fit. */
export function completeLitmus(context: CompletionContext): CompletionResult | null {
  const { state, pos } = context;
  const line = state.doc.lineAt(pos);
  const before = line.text.slice(0, pos - line.from);
  const typed = /[\w.+/-]*$/.exec(before)?.[0] ?? '';
  const simple = /\w*$/.exec(before)?.[0] ?? '';
  const region = regionAt(state, pos);
  const isWide = region === 'comment' || region === 'header';
  const from = pos - (isWide ? typed : simple).length;
  const lead = before.slice(0, from - line.from);
  if (from === pos && !context.explicit && !invites(region, lead)) return null;
  const options = optionsIn(region, { state, pos, lead });
  return options.length === 0
    ? null
    : { from, options, validFor: isWide ? /^[\w.+/-]*$/ : /^\w*$/ };
}

/** Where in a test a place is. */
export type Region =
  | 'comment'
  | 'header'
  | 'init'
  | 'params'
  | 'body'
  | 'condition'
  | 'between'
  | 'none';

interface Where {
  readonly state: EditorState;
  readonly pos: number;
  /** The line up to the word that is being typed. */
  readonly lead: string;
}

/** The part of the test that `pos` is in, as far as unfinished text can be understood. */
export function regionAt(state: EditorState, pos: number): Region {
  const tree = wholeTree(state);
  let node: ReturnType<typeof tree.resolveInner> | null = tree.resolveInner(pos, -1);
  for (; node !== null; node = node.parent) {
    const inside = node.from < pos;
    switch (node.name) {
      case 'HerdComment':
        return pos >= node.to && state.sliceDoc(node.to - 2, node.to) === '*)' ? 'none' : 'comment';
      case 'BlockComment':
      case 'LineComment':
      case 'String':
        return 'none';
      case 'Init':
        if (inside && !isClosed(state, node, pos)) return 'init';
        break;
      case 'Body':
        if (inside && !isClosed(state, node, pos)) return 'body';
        break;
      case 'Thread':
        if (inside && node.getChild('Body') === null) return 'params';
        if (pos < (node.getChild('Body')?.from ?? 0)) return 'params';
        break;
      case 'Question':
      case 'Filter':
      case 'Locations':
        if (/[([]/.test(state.sliceDoc(node.from, pos))) return 'condition';
        break;
    }
  }
  const init = tree.topNode.getChild('Init');
  const isBefore = init === null ? !state.sliceDoc(0, pos).includes('{') : pos <= init.from;
  return isBefore ? 'header' : 'between';
}

function isClosed(state: EditorState, node: { readonly to: number }, pos: number): boolean {
  return pos >= node.to && state.sliceDoc(node.to - 1, node.to) === '}';
}

// Where a list opens by itself, before a letter of the word is typed.
function invites(region: Region, lead: string): boolean {
  if (region === 'comment') return /Result:\s+$|\b(?:on|under|with|not) $/.test(lead);
  if (region === 'header') return /^(?:Remedy|Machines)=/.test(lead);
  return false;
}

function optionsIn(region: Region, where: Where): readonly Completion[] {
  switch (region) {
    case 'comment':
      return inComment(where.lead);
    case 'header':
      return inHeader(where.lead);
    case 'init':
      return inInit(where);
    case 'params':
      return declaredNames(where.state)
        .filter(({ param }) => param !== undefined)
        .map((one) => named(one, one.param));
    case 'body':
      return inBody(where);
    case 'condition':
      return inCondition(where);
    case 'between':
      return [
        ...questionWords.map((one) => worded(one, 'keyword', `${one.word} (`)),
        { label: `P${threadsIn(where.state).length}`, type: 'class', detail: 'a thread' },
      ];
    case 'none':
      return [];
  }
}

function inComment(lead: string): readonly Completion[] {
  const result = /Result:\s*(.*)$/.exec(lead)?.[1];
  if (result === undefined) {
    return /^[\s*(]*$/.test(lead) ? headerWords.map((one) => worded(one, 'keyword')) : [];
  }
  if (result.trim() === '') return resultWords.map((one) => worded(one, 'keyword'));
  const part = [...result.matchAll(/\b(?:on|under|with)\b/g)].at(-1)?.[0];
  const parts = resultParts.filter(({ word }) => !new RegExp(`\\b${word}\\b`).test(result));
  const others = parts.map((one) => worded(one, 'keyword'));
  switch (part) {
    case 'on':
      return [...selectors(), ...others];
    case 'under':
      return [...resultKernels.map((id) => ({ label: id, type: 'constant' })), ...others];
    case 'with':
      return [...remedyNames.map((id) => ({ label: id, type: 'constant' })), ...others];
    default:
      return others;
  }
}

function selectors(): readonly Completion[] {
  return [
    ...[...traitWords].map(([label, info]) => ({ label, info, type: 'property', boost: 2 })),
    { label: 'not', type: 'keyword', info: 'the next word does not hold', boost: 2 },
    { label: 'colours>=', type: 'property', info: 'at least so many colours', boost: 1 },
    { label: 'colours=', type: 'property', info: 'so many colours', boost: 1 },
    ...machineArches.map((label) => ({ label, type: 'namespace', detail: 'architecture' })),
    ...machineChoices(),
  ];
}

function machineChoices(): readonly Completion[] {
  return machines.map(({ id, name }) => ({ label: id, type: 'constant', detail: name }));
}

function inHeader(lead: string): readonly Completion[] {
  if (/^Remedy=$/.test(lead)) {
    return remedyNames.map((label) => ({ label, type: 'constant' }));
  }
  if (/^Machines=.*$/.test(lead)) return machineChoices();
  if (lead.trim() !== '') return [];
  return [...keyNames].map(([label, info]) => ({
    label: `${label}=`,
    info,
    type: 'property',
  }));
}

function inInit({ state, lead }: Where): readonly Completion[] {
  const item = /[^;{]*$/.exec(lead)?.[0] ?? '';
  const names = declaredNames(state);
  const pages = (kind: Declared['kind']) =>
    names.filter((one) => one.kind === kind).map((one) => named(one));
  if (item.trim() === '') {
    return itemWords.map((one) => worded(one, 'keyword'));
  }
  if (/=\s*(?:linear|user|window)\s*\([^,]*$/.test(item)) return pages('page');
  if (/=\s*(?:linear|user|window)\s*\(.*,\s*$/.test(item)) return words(addressOptions, 'keyword');
  if (/\*\s*\w+\s*=\s*$/.test(item)) {
    return addressMakers.map((one) => worded(one, 'function', `${one.word}(`));
  }
  if (/^\s*device\s+\w+\s*=\s*$/.test(item)) return words(deviceKinds, 'type');
  if (/^\s*mount\s+\w+\s*=\s*$/.test(item)) return words(fileSystems, 'type');
  if (/^\s*mount\b.*\(\s*$/.test(item)) return pages('device');
  if (/^\s*file\b.*\bon\s+\w+\s*,.*$/.test(item)) return words(fileOptions, 'keyword');
  if (/^\s*file\b.*\bon\s+$/.test(item)) return [...pages('mount'), ...pages('device')];
  if (/^\s*file\s+\w+\s*=\s*$/.test(item)) return pages('page');
  return [];
}

function inBody({ state, pos }: Where): readonly Completion[] {
  const names = declaredNames(state, pos);
  const runs = names.some(({ kind }) => kind === 'mount');
  const calls = runs
    ? [...primitives.filter(({ name }) => !isStacked(name)), ...stackPrimitives]
    : primitives;
  return [
    ...names.filter(({ inBody }) => inBody).map((one) => named(one)),
    ...calls.map(primitiveChoice),
    ...words(statementWords, 'keyword'),
  ];
}

function isStacked(name: string): boolean {
  return stackPrimitives.some((one) => one.name === name);
}

function primitiveChoice(primitive: Primitive): Completion {
  const { name, help, params, gives } = primitive;
  return {
    label: name,
    type: 'function',
    detail: signature(primitive).slice(name.length),
    info: `${gives ? `r0 = ${signature(primitive)}` : signature(primitive)}: ${help}`,
    apply: params.length === 0 ? `${name}()` : `${name}(`,
  };
}

function inCondition({ state, lead }: Where): readonly Completion[] {
  const thread = /(?:^|[^\w])P?(\d+):$/.exec(lead)?.[1];
  if (thread !== undefined) {
    const registers = threadsIn(state)[Number(thread)]?.registers ?? [];
    return registers.map((label) => ({
      label,
      type: 'variable',
      detail: `register of P${thread}`,
    }));
  }
  const registers = threadsIn(state).flatMap(({ registers: all }, i) =>
    all.map((name) => ({ label: `${i}:${name}`, type: 'variable', detail: 'register' })),
  );
  const memory = declaredNames(state).filter(({ kind }) => kind === 'page' || kind === 'variable');
  return [...registers, ...memory.map((one) => named(one)), ...words(conditionWords, 'keyword')];
}

/** Threads in their order, with the registers that they declare. */
function threadsIn(state: EditorState): readonly { readonly registers: readonly string[] }[] {
  return wholeTree(state)
    .topNode.getChildren('Thread')
    .map(({ to }) => ({
      registers: declaredNames(state, to - 1)
        .filter(({ kind }) => kind === 'register')
        .map(({ name }) => name),
    }));
}

function named({ name, kind, says }: Declared, as = name): Completion {
  return { label: as, type: 'variable', detail: says ?? kind, boost: 3 };
}

function words(all: readonly Word[], type: string): readonly Completion[] {
  return all.map((one) => worded(one, type));
}

function worded({ word, is }: Word, type: string, apply = word): Completion {
  return { label: word, info: is, type, apply };
}
