// The init block: pages, addresses, variables, locks, CPUs, devices, files, mounts, failures.

import { never } from '../base/index.ts';
import type { AddressOption, Cells, Constant, InitItemKind, Member, Trivia, Word } from './ast.ts';
import { type Cursor, toWord } from './cursor.ts';
import type { Span } from './lex.ts';
import { suggestion } from './nearest.ts';
import { parseBlock } from './parse-block.ts';

const FIRST_WORDS = [
  'page',
  'int',
  'struct',
  'spinlock_t',
  'cpu',
  'device',
  'file',
  'mount',
  'fail',
  'crash',
  'process',
  'start',
  'gate',
  'design',
  'without',
] as const;

/** Cells of one line, at most. */
export const MAX_CELLS = 16;

type Kind = InitItemKind | undefined;

/** Reads one item with its semicolon. */
export function parseInitItem(cursor: Cursor): (Span & InitItemKind) | undefined {
  const first = cursor.peek();
  const item = parseKind(cursor);
  if (!item) return undefined;
  if (!cursor.expect(';')) return undefined;
  return { ...item, ...cursor.spanFrom(first) };
}

function parseKind(cursor: Cursor): Kind {
  const word = FIRST_WORDS.find((candidate) => cursor.sees(candidate));
  switch (word) {
    case 'page':
      return parsePage(cursor);
    case 'int':
    case 'struct':
    case 'spinlock_t':
      return parseTyped(cursor);
    case 'cpu':
      return parseCpu(cursor);
    case 'device':
      return parseDevice(cursor);
    case 'file':
      return parseFile(cursor);
    case 'mount':
      return parseMount(cursor);
    case 'fail':
      return parseFail(cursor);
    case 'crash':
      cursor.take();
      return cursor.expect('anywhere', "write 'crash anywhere;'") ? { kind: 'crash' } : undefined;
    case 'process':
      return parseProcess(cursor);
    case 'start':
      return parseStart(cursor);
    case 'gate':
    case 'design':
    case 'without': {
      cursor.take();
      const said = cursor.word(WORD_ITEMS[word].what, WORD_ITEMS[word].hint);
      return said && { kind: word, word: said };
    }
    case undefined: {
      const { kind, text } = cursor.peek();
      const hint = suggestion(kind === 'name' ? text : '', FIRST_WORDS, 'declarations');
      cursor.unexpected('a declaration', hint);
      return undefined;
    }
    default:
      return never(word);
  }
}

function parsePage(cursor: Cursor): Kind {
  cursor.take();
  const name = cursor.word('the name of the page');
  if (!name) return undefined;
  if (cursor.sees('{')) {
    const members = parseBlock(cursor, parseMember);
    return members && { kind: 'pages', name, members };
  }
  const cells = parseCells(cursor);
  return cells && { kind: 'page', name, ...cells };
}

function parseMember(cursor: Cursor): (Span & Omit<Member, keyof Trivia>) | undefined {
  const first = cursor.peek();
  const name = cursor.word('the name of a line of the page', 'e.g. flag = 0;');
  const cells = name && parseCells(cursor);
  if (!cells || !cursor.expect(';')) return undefined;
  return { name, ...cells, ...cursor.spanFrom(first) };
}

/** `[2] = { 0, 1 }`, each part optional; without size, one value. */
function parseCells(cursor: Cursor): Cells | undefined {
  let size: Constant | undefined;
  if (cursor.eat('[')) {
    size = parseConstant(cursor, 'the number of cells');
    if (!size || !cursor.expect(']')) return undefined;
  }
  if (!cursor.eat('=')) return size ? { size } : {};
  const values = cursor.sees('{') ? parseValues(cursor) : parseOne(cursor);
  return values && { ...(size ? { size } : {}), values };
}

function parseOne(cursor: Cursor): readonly Constant[] | undefined {
  const value = parseConstant(cursor, 'an initial value');
  return value && [value];
}

function parseValues(cursor: Cursor): readonly Constant[] | undefined {
  cursor.take();
  const values: Constant[] = [];
  do {
    if (cursor.sees('}') && values.length > 0) break;
    const value = parseConstant(cursor, 'an initial value');
    if (!value) return undefined;
    values.push(value);
    if (values.length > MAX_CELLS) {
      const hint = 'a line has at most that many cells';
      cursor.reporter.add(value, `more than ${MAX_CELLS} values`, hint);
      return undefined;
    }
  } while (cursor.eat(','));
  return cursor.expect('}') ? values : undefined;
}

/** `int flag = 0`, `int *k = linear(x)`, `struct y *k = ...`, `struct mutex m`, `spinlock_t l`. */
function parseTyped(cursor: Cursor): Kind {
  const first = toWord(cursor.take());
  if (first.text === 'spinlock_t') {
    const name = cursor.word('the name of the lock');
    return name && { kind: 'lock', lock: 'spinlock', name };
  }
  const type = [first];
  if (first.text === 'struct') {
    const tag = cursor.word('mutex or the name of a page');
    if (!tag) return undefined;
    if (tag.text === 'mutex' && !cursor.sees('*')) {
      const name = cursor.word('the name of the lock');
      return name && { kind: 'lock', lock: 'mutex', name };
    }
    type.push(tag);
  }
  if (cursor.eat('*')) return parseAddress(cursor, type);
  if (type.length > 1) {
    cursor.unexpected("'*'", 'an address of a page is a pointer: struct y *k = linear(y);');
    return undefined;
  }
  const name = cursor.word('the name of a variable');
  if (!name) return undefined;
  if (!cursor.eat('=')) return { kind: 'variable', name };
  const value = parseConstant(cursor, 'an initial value');
  return value && { kind: 'variable', name, value };
}

function parseAddress(cursor: Cursor, type: readonly Word[]): Kind {
  const name = cursor.word('the name of an address');
  const hint = 'e.g. int *k = linear(x);';
  if (!name || !cursor.expect('=', hint)) return undefined;
  const maker = cursor.word('linear(), user() or window()', hint);
  if (!maker || !cursor.expect('(', hint)) return undefined;
  const page = cursor.word('the name of a page', hint);
  if (!page) return undefined;
  const options: AddressOption[] = [];
  while (cursor.eat(',')) {
    const option = cursor.word('colour N, uncached or unmapped');
    if (!option) return undefined;
    const takesNumber = option.text === 'colour' || cursor.peek().kind === 'number';
    const colour = takesNumber ? parseConstant(cursor, 'a page number') : undefined;
    if (takesNumber && !colour) return undefined;
    options.push(colour ? { option, colour } : { option });
  }
  return cursor.expect(')') ? { kind: 'address', type, name, maker, page, options } : undefined;
}

function parseCpu(cursor: Cursor): Kind {
  cursor.take();
  const thread = cursor.word('a thread', 'e.g. cpu P1 = 1;');
  if (!thread || !cursor.expect('=', 'e.g. cpu P1 = 1;')) return undefined;
  const cpu = parseConstant(cursor, 'the number of a CPU');
  return cpu && { kind: 'cpu', thread, cpu };
}

const WORD_ITEMS = {
  gate: { what: 'open or refused', hint: 'e.g. gate open;' },
  design: { what: 'a design for switching S_DAX', hint: 'e.g. design D3;' },
  without: { what: 'a kernel function', hint: 'e.g. without flush_dcache_page;' },
} as const;

function parseProcess(cursor: Cursor): Kind {
  const hint = 'e.g. process P1 = 1;';
  cursor.take();
  const thread = cursor.word('a thread', hint);
  if (!thread || !cursor.expect('=', hint)) return undefined;
  const process = parseConstant(cursor, 'the number of a process');
  return process && { kind: 'process', thread, process };
}

function parseStart(cursor: Cursor): Kind {
  const hint = 'e.g. start P2 after P0, P1;';
  cursor.take();
  const thread = cursor.word('a thread', hint);
  if (!thread || !cursor.expect('after', hint)) return undefined;
  const others = parseWords(cursor, 'a thread', hint);
  return others && { kind: 'start', thread, others };
}

/** One word, or several with commas between them. */
function parseWords(cursor: Cursor, what: string, hint: string): readonly Word[] | undefined {
  const words: Word[] = [];
  do {
    const word = cursor.word(what, hint);
    if (!word) return undefined;
    words.push(word);
  } while (cursor.eat(','));
  return words;
}

function parseDevice(cursor: Cursor): Kind {
  const hint = 'e.g. device pmem0 = pmem(adr);';
  cursor.take();
  const name = cursor.word('the name of the device', hint);
  if (!name || !cursor.expect('=', hint)) return undefined;
  const device = dashedWord(cursor, 'a kind of device');
  if (!device) return undefined;
  if (!cursor.eat('(')) return { kind: 'device', name, device, args: [] };
  const args = parseWords(cursor, 'adr or eadr', hint);
  if (!args || !cursor.expect(')')) return undefined;
  return { kind: 'device', name, device, args };
}

function parseFile(cursor: Cursor): Kind {
  const hint = 'e.g. file f = x on pmem0;';
  cursor.take();
  const name = cursor.word('the name of the file', hint);
  if (!name || !cursor.expect('=', hint)) return undefined;
  const pages = parseWords(cursor, 'the page that is its data', hint);
  if (!pages) return undefined;
  if (!cursor.eat('on')) return { kind: 'file', name, pages, options: [] };
  const on = cursor.word('a device or a mount', hint);
  if (!on) return undefined;
  const options = cursor.eat(',') ? parseWords(cursor, 'a property of the file', hint) : [];
  return options && { kind: 'file', name, pages, on, options };
}

function parseMount(cursor: Cursor): Kind {
  const hint = 'e.g. mount m = ext4(pmem0, dax=always);';
  cursor.take();
  const name = cursor.word('the name of the mount', hint);
  if (!name || !cursor.expect('=', hint)) return undefined;
  const fs = cursor.word('a file system', hint);
  if (!fs || !cursor.expect('(', hint)) return undefined;
  const device = cursor.word('a device', hint);
  if (!device) return undefined;
  const options: { key: Word; value?: Word }[] = [];
  while (cursor.eat(',')) {
    const key = cursor.word('a mount option', hint);
    if (!key) return undefined;
    const value = cursor.eat('=') ? cursor.word('always, inode or never') : undefined;
    if (cursor.last.text === '=') return undefined;
    options.push(value ? { key, value } : { key });
  }
  return cursor.expect(')') ? { kind: 'mount', name, fs, device, options } : undefined;
}

function parseFail(cursor: Cursor): Kind {
  const hint = 'e.g. fail alloc_dax = -ENOMEM;';
  cursor.take();
  if (cursor.eat('anywhere')) return { kind: 'fail-anywhere' };
  const call = cursor.word('the name of a kernel function', hint);
  if (!call || !cursor.expect('=', hint)) return undefined;
  const error = parseConstant(cursor, 'an error number', hint);
  return error && { kind: 'fail', call, error };
}

/** Reads a number or the name of an error number, with or without a minus. */
export function parseConstant(
  cursor: Cursor,
  what: string,
  hint = 'e.g. 1, -1 or -ENOMEM',
): Constant | undefined {
  const first = cursor.peek();
  const negative = cursor.eat('-');
  const token = cursor.peek();
  const isConstant =
    token.kind === 'number' || (token.kind === 'name' && token.text.startsWith('E'));
  if (!isConstant) {
    cursor.unexpected(what, hint);
    return undefined;
  }
  cursor.take();
  return { negative, text: token.text, from: first.from, to: token.to };
}

/** Reads a word that may hold dashes, `virtio-pmem`, without blanks around them. */
function dashedWord(cursor: Cursor, what: string): Word | undefined {
  const first = cursor.word(what);
  if (!first) return undefined;
  let { text, to } = first;
  while (cursor.sees('-') && cursor.peek().from === to && cursor.peek(1).from === to + 1) {
    cursor.take();
    const part = cursor.word(what);
    if (!part) return undefined;
    text = `${text}-${part.text}`;
    to = part.to;
  }
  return { text, from: first.from, to };
}
