// Items of the init block as canonical text.

import { never } from '../base/index.ts';
import type { AddressOption, Cells, InitItem, Member, Trivia, Word } from './ast.ts';
import { constantText } from './print-condition.ts';
import type { Lines } from './print-lines.ts';

/** Prints one item with its comments. */
export function printInit(out: Lines, item: InitItem): void {
  if (item.kind === 'pages' && !isPlain(item.members)) {
    out.above(item);
    out.line(`page ${item.name.text} {`);
    out.indented(() => {
      for (const member of item.members.items) out.item(member, `${memberText(member)};`);
      out.comments(item.members.end);
    });
    out.line('};');
    out.behind(item);
    return;
  }
  out.item(item, `${itemText(item)};`);
}

function itemText(item: InitItem): string {
  switch (item.kind) {
    case 'page':
      return `page ${item.name.text}${cellsText(item)}`;
    case 'pages':
      return `page ${item.name.text} { ${item.members.items.map(memberItem).join('')}}`;
    case 'address': {
      const type = item.type.map((word) => word.text).join(' ');
      const args = [item.page.text, ...item.options.map(optionText)].join(', ');
      return `${type} *${item.name.text} = ${item.maker.text}(${args})`;
    }
    case 'variable':
      return `int ${item.name.text}${item.value ? ` = ${constantText(item.value)}` : ''}`;
    case 'lock':
      return `${item.lock === 'mutex' ? 'struct mutex' : 'spinlock_t'} ${item.name.text}`;
    case 'cpu':
      return `cpu ${item.thread.text} = ${constantText(item.cpu)}`;
    case 'device': {
      const args = item.args.length > 0 ? `(${wordsText(item.args)})` : '';
      return `device ${item.name.text} = ${item.device.text}${args}`;
    }
    case 'file': {
      const on = item.on ? ` on ${item.on.text}` : '';
      const options = item.options.length > 0 ? `, ${wordsText(item.options)}` : '';
      return `file ${item.name.text} = ${wordsText(item.pages)}${on}${options}`;
    }
    case 'mount': {
      const options = item.options.map(
        ({ key, value }) => `, ${key.text}${value ? `=${value.text}` : ''}`,
      );
      return `mount ${item.name.text} = ${item.fs.text}(${item.device.text}${options.join('')})`;
    }
    case 'fail':
      return `fail ${item.call.text} = ${constantText(item.error)}`;
    case 'crash':
      return 'crash anywhere';
    case 'fail-anywhere':
      return 'fail anywhere';
    case 'process':
      return `process ${item.thread.text} = ${constantText(item.process)}`;
    case 'start':
      return `start ${item.thread.text} after ${wordsText(item.others)}`;
    case 'gate':
    case 'design':
    case 'without':
      return `${item.kind} ${item.word.text}`;
    default:
      return never(item);
  }
}

function wordsText(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(', ');
}

function isPlain(members: { readonly items: readonly Trivia[]; readonly end: readonly string[] }) {
  const comments = members.items.flatMap(({ before, after }) => [...before, ...after]);
  return comments.length + members.end.length === 0;
}

function memberItem(member: Member): string {
  return `${memberText(member)}; `;
}

function memberText(member: Member): string {
  return `${member.name.text}${cellsText(member)}`;
}

function cellsText({ size, values }: Cells): string {
  const count = size ? `[${constantText(size)}]` : '';
  if (!values) return count;
  const [first, ...more] = values;
  const alone = first && more.length === 0 && !size;
  const all = alone ? constantText(first) : `{ ${values.map(constantText).join(', ')} }`;
  return `${count} = ${all}`;
}

function optionText({ option, colour }: AddressOption): string {
  return colour ? `${option.text} ${constantText(colour)}` : option.text;
}
