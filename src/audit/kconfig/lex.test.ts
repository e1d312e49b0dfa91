// Tokens of single lines, and where help texts end.

import { expect, test } from 'vitest';
import { lexLine, skipHelp } from './lex.ts';

function words(text: string): string {
  return lexLine(text, 0, 1)
    .tokens.map((token) =>
      token.kind === 'template'
        ? token.pieces
            .map((piece) =>
              typeof piece === 'string'
                ? piece
                : 'macro' in piece
                  ? `<${piece.macro}>`
                  : `<${piece.unclosed}`,
            )
            .join('+')
        : token.kind === 'string'
          ? `"${token.text}"`
          : token.text,
    )
    .join(' ');
}

test('words, strings and operators are told apart, comments and blanks dropped', () => {
  expect(words('depends on A&&!B || (C>=0x10) # why\n')).toBe(
    'depends on A && ! B || ( C >= 0x10 )',
  );
  expect(words('prompt "say \\"hi\\"" if X\n')).toBe('prompt "say "hi"" if X');
  expect(words('default \'it "is"\'\n')).toBe('default "it "is""');
});

test('a backslash at the end of a line joins it with the next one', () => {
  const line = lexLine('depends on A && \\\n\t B\nconfig C\n', 0, 5);
  expect(line.tokens.map((token) => token.kind === 'word' && token.text)).toContain('B');
  expect([line.line, line.nextLine]).toEqual([5, 7]);
});

test('a macro is one token, up to its own closing parenthesis', () => {
  expect(words('default $(success,test -n "$(CC)" (x)) if A\n')).toBe(
    'default <success,test -n "$(CC)" (x)> if A',
  );
  expect(words('source "arch/$(SRCARCH)/Kconfig"\n')).toBe('source arch/+<SRCARCH>+/Kconfig');
  expect(words('default $(broken,a b\n')).toBe('default <broken,a b');
});

test('an assignment keeps its right side as written', () => {
  expect(words('quote := "  # no comment\n')).toBe('quote := "  # no comment');
  expect(words('cc-option = $(success,$(1))\n')).toBe('cc-option = $(success,$(1))');
  expect(words('depends on A = B\n')).toBe('depends on A = B');
});

test('characters outside the language are dropped and reported', () => {
  const line = lexLine('depends on A; B\n', 0, 1);
  expect(line.remarks).toEqual([{ line: 1, text: "ignoring unsupported character ';'" }]);
  expect(words('depends on A; B\n')).toBe('depends on A B');
});

test('a path after source may stand without quotes, as before 4.18', () => {
  expect(words('source drivers/net/Kconfig.debug\n')).toBe('source "drivers/net/Kconfig.debug"');
});

test('help text ends where a line is indented less than the first one', () => {
  const text = '\t  First line\n\n\t  config NOT_THIS\n\tconfig DEEP\n';
  expect(skipHelp(text, 0, 1)).toEqual({ nextOffset: text.indexOf('\tconfig DEEP'), nextLine: 4 });
});

test('help text ends at column 0, but its very first line may stand there', () => {
  expect(skipHelp('text at column 0\nconfig A\n', 0, 3)).toEqual({ nextOffset: 17, nextLine: 4 });
  expect(skipHelp('\nconfig A\n', 0, 3)).toEqual({ nextOffset: 1, nextLine: 4 });
});
