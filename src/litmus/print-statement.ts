// Statements as canonical text, in the style of the kernel.

import { never } from '../base/index.ts';
import type { Block, Statement } from './ast.ts';
import { exprText } from './print-expr.ts';
import type { Lines } from './print-lines.ts';

/** Prints one statement with its comments. */
function printStatement(out: Lines, statement: Statement): void {
  out.above(statement);
  printKind(out, statement);
  out.behind(statement);
}

function printKind(out: Lines, statement: Statement): void {
  switch (statement.kind) {
    case 'declare': {
      const names = statement.names.map(({ name, value }) =>
        value ? `${name.text} = ${exprText(value)}` : name.text,
      );
      return out.line(`int ${names.join(', ')};`);
    }
    case 'assign':
      return out.line(`${exprText(statement.target)} = ${exprText(statement.value)};`);
    case 'expression':
      return out.line(`${exprText(statement.expr)};`);
    case 'if':
      return printIf(out, statement, '');
    case 'while': {
      const head = `while (${exprText(statement.condition)})`;
      return printBody(out, head, statement.body, isBare(statement.body) ? '' : '}');
    }
    case 'block':
      out.line('{');
      printItems(out, statement.body);
      return out.line('}');
    case 'empty':
      return out.line(';');
    default:
      return never(statement);
  }
}

type If = Extract<Statement, { readonly kind: 'if' }>;

/** `before` is what closes the branch above, on the same line: `} else `. */
function printIf(out: Lines, statement: If, before: string): void {
  const { condition, yes, no } = statement;
  const head = `${before}if (${exprText(condition)})`;
  // As in the kernel: where one branch needs braces, the other has them too.
  const bare = isBare(yes) && (!no || isBare(no) || elseIf(no) !== undefined);
  if (!no) return printBody(out, head, yes, bare ? '' : '}');
  printBody(out, head, yes, '', bare);
  const close = bare ? '' : '} ';
  const next = elseIf(no);
  if (next) return printIf(out, next, `${close}else `);
  printBody(out, `${close}else`, no, bare ? '' : '}', bare);
}

/** Prints head and body; with braces, `close` is the line that ends it, if any. */
function printBody(
  out: Lines,
  head: string,
  body: Block<Statement>,
  close: string,
  bare = close === '',
): void {
  out.line(bare ? head : `${head} {`);
  printItems(out, body);
  if (close !== '') out.line(close);
}

/** The statements of a block, an empty line behind its declarations. */
export function printItems(out: Lines, body: Block<Statement>): void {
  out.indented(() => {
    for (const [i, item] of body.items.entries()) {
      if (item.kind !== 'declare' && body.items[i - 1]?.kind === 'declare') out.gap();
      printStatement(out, item);
    }
    out.comments(body.end);
  });
}

/** One plain statement without comments of its own needs no braces. */
function isBare(block: Block<Statement>): boolean {
  const [only, ...more] = block.items;
  if (!only || more.length > 0 || block.end.length > 0) return false;
  if (only.before.length > 0 || only.after.length > 0) return false;
  return only.kind === 'assign' || only.kind === 'expression' || only.kind === 'empty';
}

/** The `if` that an else branch consists of. */
function elseIf(block: Block<Statement>): If | undefined {
  const [only, ...more] = block.items;
  if (!only || more.length > 0 || block.end.length > 0 || only.before.length > 0) return undefined;
  return only.kind === 'if' && only.after.length === 0 ? only : undefined;
}
