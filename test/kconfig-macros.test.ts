// What our reader says of macros against what the kernel's own conf prints: the kernel's own tests,
// samples of every rule, and random texts. Needs the trees, gcc, flex and bison.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { optimistic, shellText } from '../src/audit/kconfig/index.ts';
import { buildConf, confWords } from './kconfig-conf.ts';
import { confLine, tryModel } from './kconfig-model.ts';
import { randomMacros } from './kconfig-random-macros.ts';
import { havePrograms, kernelTree } from './support.ts';

const tools = havePrograms('gcc', 'flex', 'bison');
const folder = mkdtempSync(join(tmpdir(), 'dachs-macros-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const environment = { HERE: 'of the environment', ARCH: 'x86_64', SRCARCH: 'x86' };

/** Texts with one rule each; those of macro.test.ts are not repeated. */
const samples: readonly string[] = [
  '$(info,a # b)\n$(info,  blanks  )\n',
  'V := 1 # no comment\n$(info,[$(V)])\nW :=   x  \n$(info,[$(W)])\n',
  'f = $(1)-$( 1)-$(01)-$(+1)-$(0)-$(2)-$(-1)\n$(info,$(f,x))\n1 := global\n$(info,$(1)$(f))\n',
  'A = $(B)\nB = $(A)\n$(info,before)\n$(info,$(A))\n',
  'f = $(f,x)\n$(info,a)\n$(f,x)\n',
  'X := y\nX += z\nY += z\nY += $(X)\n$(info,$(X)|$(Y))\n',
  '$(HERE) := 1\n',
  '$(empty)A := 1\n$(info,$(A))\n',
  'config A\n\tbool "a$(info,in prompt)"\n\t$(info,between)\n\tdefault y\n$(info,after)\n',
  'config A\n\tbool\n\thelp\n\t  $(info,not in help)\n\n$(info,after help $(lineno))\n',
  'p := none\nsource "$(p)/Kconfig$(info,source)"\n',
  'mainmenu "$(info,main)"\nmenu "$(info,menu)"\ncomment "$(info,comment)"\nendmenu\n',
  'config $(HERE)\n\tbool\n$(info,read on)\n',
  'if "$(info,if)" = ""\n$(info,inside)\nendif\n',
  'choice\n\tprompt "$(info,choice)"\nconfig M\n\tbool "$(info,member)"\nendchoice\n',
  '# $(info,comment)\nconfig A # $(info,comment)\n\tbool\n',
  'config A\n\tdef_bool $(shell,echo y)\n\tdepends on "$(HERE)" = "of the environment"\n',
  '$(warning-if, y,no)$(warning-if,y ,no)$(warning-if,y,)\n',
  'f = $(g,$(1),b)\ng = $(2)$(1)\n$(info,$(f,a))\n$(info,$(f,$(f,c)))\n',
  'o := (\nc := )\n$(info,$(o)$(c)$(o))\n$(info,())\n$(info,$(c)\n',
  '$(info,one\\\n',
  'config A;\n\tbool "x\n\tdefault "$(info,y)"@\n',
  '$(info,a)$(info,b) $(info,c)\n$(info,d) config A\n\tbool\n',
  '$(error-if,n,no)$(error-if,y,two  blanks)\n',
  `$(NONE${',a'.repeat(16)})\n`,
  '$(filename,)\n',
  '$(shell)\n',
];

/** Reads as often as new questions come up, each answered by the shell. */
function ourWords(text: string): {
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  readonly status: number;
} {
  const answers = new Map<string, string>();
  for (;;) {
    const stdout: string[] = [];
    const stderr: string[] = [];
    const news: string[] = [];
    const result = tryModel(
      text,
      { env: environment, profile: { ...optimistic, answers } },
      {
        note: (note) => {
          if (note.kind === 'info') stdout.push(...note.text.split('\n'));
          else if (note.kind !== 'ours') stderr.push(confLine(note));
        },
        assumed: ({ command }) => {
          if (!answers.has(command)) news.push(command);
        },
      },
    );
    if (news.length > 0) {
      for (const one of news) {
        answers.set(one, shellText(execFileSync('sh', ['-c', one], { encoding: 'utf8' })));
      }
      continue;
    }
    if (!result.ok) stderr.push(`${result.problem.where}: ${result.problem.what}`);
    return { stdout, stderr, status: result.ok ? 0 : 1 };
  }
}

// A syntax error has a line of its own in conf, which then reads on; we stop.
function compare(conf: string, text: string, name: string): void {
  const here = join(folder, name);
  mkdirSync(here, { recursive: true });
  writeFileSync(join(here, 'Kconfig'), text);
  const theirs = confWords(conf, here, environment);
  const ours = ourWords(text);
  expect(ours.status, text).toBe(theirs.status);
  const stderr = theirs.stderr.filter((line) => !line.endsWith(': syntax error'));
  const goesOn = stderr.length < theirs.stderr.length;
  expect(ours.stdout, text).toEqual(
    goesOn ? theirs.stdout.slice(0, ours.stdout.length) : theirs.stdout,
  );
  expect(ours.stderr, text).toEqual(goesOn ? stderr.slice(0, ours.stderr.length) : stderr);
}

for (const release of ['6.1', '6.12']) {
  const tree = kernelTree(release);
  const ready = tree !== undefined && tools;
  const needs = `needs linux-source-${release} (npm run trees), gcc, flex and bison`;

  test.skipIf(!ready)(`the kernel's own macro tests of ${release}; ${needs}`, () => {
    const own = join(tree ?? '', 'scripts/kconfig/tests/preprocess');
    const names = readdirSync(own);
    expect(names).toHaveLength(4);
    for (const name of names) {
      const file = (part: string): string => join(own, name, part);
      const { stdout, stderr } = ourWords(readFileSync(file('Kconfig'), 'utf8'));
      const expected = readFileSync(file('expected_stderr'), 'utf8');
      expect(`${stderr.join('\n')}\n`, name).toBe(expected);
      const printed = readdirSync(join(own, name)).includes('expected_stdout')
        ? readFileSync(file('expected_stdout'), 'utf8')
        : '';
      expect(stdout.map((line) => `${line}\n`).join(''), name).toBe(printed);
    }
  });

  test.skipIf(!ready)(`conf of ${release} prints what we say; ${needs}`, () => {
    const conf = buildConf(tree ?? '', join(folder, release));
    samples.forEach((text, index) => compare(conf, text, `${release}-${index}`));
    const property = fc.property(fc.integer({ min: 1, max: 2 ** 30 }), (seed) =>
      compare(conf, randomMacros(seed), `${release}-random`),
    );
    fc.assert(property, { numRuns: 400, seed: Number(process.env['DACHS_SEED'] ?? 1) });
  });
}
