// Reading several files into one model, and what stops it.

import { expect, test } from 'vitest';
import { modelOf, tryModel, valuesOf } from '../../../test/kconfig-model.ts';
import { ports } from '../ports.ts';
import { memoryTree } from '../tree.ts';
import { symbolNames } from './model.ts';
import { optimistic } from './profile.ts';
import { kconfigCache, readKconfig } from './read.ts';

test('source follows paths with macros, and each definition knows its file and line', () => {
  const model = modelOf('config A\n\tbool "a"\nsource "arch/$(SRCARCH)/Kconfig"\n', {
    files: { 'arch/x86/Kconfig': '# comment\n\nconfig B\n\tbool "b"\n' },
  });
  expect(symbolNames(model)).toEqual(['A', 'B']);
  expect(model.files).toEqual(['Kconfig', 'arch/x86/Kconfig']);
  expect(model.nodes.filter((node) => node.kind === 'config')).toMatchObject([
    { file: 'Kconfig', line: 1 },
    { file: 'arch/x86/Kconfig', line: 3 },
  ]);
});

test('a sourced file that is missing is a Problem at the line that sources it', () => {
  const result = tryModel('\nsource "lib/Kconfig"\n');
  expect(result).toMatchObject({ ok: false, problem: { where: 'Kconfig:2' } });
  expect(result.ok ? '' : result.problem.what).toContain('lib/Kconfig');
});

test('a sourced binary file is a Problem, and so is a syntax error in it, at its own place', () => {
  const binary = tryModel('source "b"\n', { files: { b: '\0' } });
  expect(binary.ok ? '' : binary.problem.what).toContain('NUL');
  const wrong = tryModel('source "b"\n', { files: { b: '\nbogus\n' } });
  expect(wrong).toMatchObject({ ok: false, problem: { where: 'b:2:1' } });
});

test('files that source each other in a circle are named', () => {
  const result = tryModel('source "a"\n', { files: { a: 'source "b"\n', b: 'source "a"\n' } });
  expect(result.ok ? '' : result.problem.what).toBe('a sources itself: Kconfig -> a -> b -> a');
});

test('sourcing too deep or too often is a named limit', () => {
  const deep = Object.fromEntries(
    Array.from({ length: 100 }, (_, i) => [`f${i}`, `source "f${i + 1}"\n`]),
  );
  const result = tryModel('source "f0"\n', { files: deep });
  expect(result.ok ? '' : result.problem.what).toContain('deeper than');
  const wide = Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`g${i}`, `source "g${i + 1}"\n`.repeat(2)]),
  );
  const many = tryModel('source "g0"\n', { files: { ...wide, g30: '' } });
  expect(many.ok ? '' : many.problem.what).toContain('files are sourced');
});

test('osource, rsource and patterns read as the Python reader reads them', () => {
  const files = {
    'd/Kconfig': 'rsource "sub/*.cfg"\norsource "none/Kconfig"\n',
    'd/sub/b.cfg': 'config B\n\tbool\n',
    'd/sub/a.cfg': 'config A\n\tbool\n',
  };
  const model = modelOf('osource "missing"\nsource "d/Kconfig"\n', { files });
  expect(symbolNames(model)).toEqual(['A', 'B']);
  expect(model.files).toEqual(['Kconfig', 'd/Kconfig', 'd/sub/a.cfg', 'd/sub/b.cfg']);
});

test('kernels before 4.18: $NAME in paths, option env, option modules, ---help---', () => {
  const text = [
    'config ARCH\n\tstring\n\toption env="ARCH"',
    'config MODULES\n\tbool "m"\n\toption modules\n\t---help---\n\t  text',
    'config T\n\ttristate "t"\n\tdepends on m',
    'source "arch/$SRCARCH/Kconfig"',
    '',
  ].join('\n');
  const files = { 'arch/x86/Kconfig': 'config B\n\tdef_bool ARCH = "x86_64"\n' };
  expect(valuesOf(text, 'B T ARCH', { files, release: '4.9' })).toBe('B=y T=m ARCH=x86_64');
});

test('a second type for a symbol is ignored with a note', () => {
  const model = modelOf('config A\n\tbool\n\nconfig A\n\ttristate "a"\n');
  expect(model.types.get(model.names.intern('A', false))).toBe('bool');
  expect(model.notes).toMatchObject([{ line: 4, text: expect.stringContaining('redefinition') }]);
});

test('one cache serves many ports: a file is read from the tree once', () => {
  const texts = memoryTree({
    Kconfig: 'source "arch/$(SRCARCH)/Kconfig"\nsource "common"\n',
    common: 'config C\n\tbool "c"\n',
    'arch/arm/Kconfig': 'config ARM\n\tdef_bool y\n',
    'arch/x86/Kconfig': 'config X86\n\tdef_bool y\n',
  });
  const reads: string[] = [];
  const tree = {
    ...texts,
    read(path: string) {
      reads.push(path);
      return texts.read(path);
    },
  };
  const cache = kconfigCache();
  const defined = ['arm', 'x86_64'].map((id) => {
    const port = ports.find((one) => one.id === id);
    const model = port && readKconfig(tree, port, optimistic, cache);
    return model?.ok ? symbolNames(model.value) : [];
  });
  expect(defined).toEqual([
    ['ARM', 'C'],
    ['C', 'X86'],
  ]);
  expect(reads.filter((path) => path === 'common')).toHaveLength(1);
});

test('a choice member without prompt, and an entry of a menu, keep their blocks', () => {
  const model = modelOf(
    'choice\n\tprompt "c"\nif A\nconfig M\n\tbool\nendif\nendchoice\n' +
      'menu "m"\nconfig N\n\tbool\nendmenu\n',
  );
  expect(model.notes.map((note) => note.text)).toEqual(['a choice member has no prompt']);
  expect([...model.members.values()]).toHaveLength(1);
});
