// A probe of tools that are shell scripts: what it asks, keeps, refuses and leaves behind.

import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ports, type PortConfig, type ToolchainRecord } from '../audit/index.ts';
import { present, type Result } from '../base/index.ts';
import { probeToolchain, type ProbeOptions } from './probe.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'dachs-probing-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// Its own, so that what is left behind is seen.
const scratch = path.join(folder, 'scratch');
mkdirSync(scratch);
const before = process.env['TMPDIR'];
beforeAll(() => {
  process.env['TMPDIR'] = scratch;
});
afterAll(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
});

const success = '$(shell,{ $(1); } >/dev/null 2>&1 && echo "y" || echo "n")';
const kconfig = [
  `success = ${success}`,
  'version := $(shell,$(srctree)/scripts/version.sh $(CC))',
  '$(error-if,$(success,test "$(version)" = "bad"),compiler $(CC) is bad)',
  // Asked only where the answer to the first question is known.
  'config NEW\n\tdef_bool $(success,$(CC) -for-$(version))',
  'config OWN\n\tdef_bool $(success,$CC -env && touch written)',
  '',
].join('\n');

let count = 0;

/** A tree in a folder with a blank in its name. */
function tree(more: Readonly<Record<string, string>> = {}): string {
  count += 1;
  const root = path.join(folder, `tree ${count}`);
  const files = {
    Kconfig: kconfig,
    Makefile: 'VERSION = 6\nPATCHLEVEL = 12\n',
    'arch/arm/Kconfig': '',
    'scripts/version.sh': '#!/bin/sh\n$1 -number\n',
    ...more,
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
    chmodSync(path.join(root, name), 0o755);
  }
  return root;
}

/** Tools of the prefix `arm-x-`; the compiler runs these lines for what it is not asked here. */
function tools(rest = 'exit 0'): string {
  count += 1;
  const bin = path.join(folder, `bin${count}`);
  mkdirSync(bin);
  const write = (name: string, text: string): void => {
    writeFileSync(path.join(bin, `arm-x-${name}`), `#!/bin/sh\n${text}\n`);
    chmodSync(path.join(bin, `arm-x-${name}`), 0o755);
  };
  write(
    'gcc',
    'case "$1" in --version) echo "arm-x-gcc #1"; exit;; -dumpmachine) echo arm-x; exit;;\n' +
      `-print-prog-name=as) exit 1;; -number) echo 42; exit;; esac\n${rest}`,
  );
  write('ld', 'echo a linker');
  return path.join(bin, 'arm-x-');
}

function port(id: string): PortConfig {
  return present(
    ports.find((one) => one.id === id),
    id,
  );
}

function probe(options: Partial<ProbeOptions> = {}): Promise<Result<ToolchainRecord>> {
  return probeToolchain({ tree: tree(), port: port('arm-v7'), crossCompile: tools(), ...options });
}

const question = (command: string): string =>
  `{ ${command}; } >/dev/null 2>&1 && echo "y" || echo "n"`;

test('a probe asks what answers lead to, and keeps what the last reading asked', async () => {
  const root = tree();
  const result = await probe({ tree: root, name: 'arm-test' });
  expect(result).toMatchObject({
    ok: true,
    value: {
      name: 'arm-test',
      fits: ['arm'],
      releases: ['6.12'],
      environment: { CC_VERSION_TEXT: 'arm-x-gcc 1' },
      answers: {
        './scripts/version.sh gcc': '42',
        [question('gcc -for-42')]: 'y',
        [question('$CC -env && touch written')]: 'y',
      },
    },
  });
  expect(Object.keys(result.ok ? result.value.answers : {})).toHaveLength(3);
  expect(readdirSync(root).sort()).toEqual(['Kconfig', 'Makefile', 'arch', 'scripts']);
  expect(readdirSync(scratch)).toEqual([]);
});

test('progress is told of each answer', async () => {
  const seen: string[] = [];
  await probe({ progress: (done, total) => void seen.push(`${done}/${total}`) });
  expect(seen).toEqual(['1/3', '2/3', '3/3', '4/4']);
});

test('a missing compiler or linker is named, with the package to install', async () => {
  const result = await probe({ crossCompile: 'vax-none-' });
  expect(result).toMatchObject({
    ok: false,
    problem: {
      what: 'there is no compiler vax-none-gcc',
      hint: expect.stringContaining('apt-get install gcc-vax-none'),
    },
  });
  const linker = await probe({ tools: { LD: 'no-such-ld' } });
  expect(linker.ok ? '' : linker.problem.what).toBe('there is no linker no-such-ld');
});

test('a compiler for another architecture is refused', async () => {
  const result = await probe({ port: port('mips32') });
  expect(result.ok ? '' : result.problem.what).toContain('makes code for arm-x, not for ARCH=mips');
  expect(result.ok ? '' : result.problem.hint).toContain('--cross');
});

test('a tree that refuses the compiler says so by its real name', async () => {
  const result = await probe({
    tree: tree({ 'scripts/version.sh': '#!/bin/sh\necho bad\n' }),
    tools: { CC: 'arm-y-gcc' },
  });
  expect(result.ok).toBe(false);
  const prefix = tools();
  const bad = await probe({
    tree: tree({ 'scripts/version.sh': '#!/bin/sh\necho bad\n' }),
    crossCompile: prefix,
  });
  expect(bad.ok ? '' : bad.problem.what).toBe(`compiler ${prefix}gcc is bad`);
});

test('a question that takes too long is named, and what it started is ended', async () => {
  const started = performance.now();
  const slow = tools('sleep 60 & sleep 60');
  const result = await probe({ crossCompile: slow, milliseconds: 1500 });
  expect(result.ok ? '' : result.problem.what).toMatch(/longer than 1\.5 seconds: .* -/);
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(readdirSync(scratch)).toEqual([]);
});

test('a probe that is stopped ends what runs and leaves nothing behind', async () => {
  const stop = new AbortController();
  const crossCompile = tools('sleep 60');
  const probing = probe({ crossCompile, signal: stop.signal });
  setTimeout(() => stop.abort(), 500);
  const result = await probing;
  expect(result.ok ? '' : result.problem.what).toContain('the probe was stopped');
  expect(readdirSync(scratch)).toEqual([]);
});

test('questions that hang on each other without end are given up', async () => {
  const chain = (length: number): string =>
    Array.from({ length }, (_, n) => `v${n + 1} := $(shell,printf %s $(v${n})x)\n`).join('');
  const short = await probe({ tree: tree({ Kconfig: chain(20) }) });
  expect(Object.keys(short.ok ? short.value.answers : {})).toHaveLength(20);
  const long = await probe({ tree: tree({ Kconfig: chain(80) }) });
  expect(long.ok ? '' : long.problem.what).toContain('still asks new questions');
});
