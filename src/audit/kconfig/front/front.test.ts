// What the front prints and writes, form by form. test/kconfig-front.test.ts compares it with conf.

import { describe, expect, test } from 'vitest';
import { runOurs } from '../../../../test/kconfig-front.ts';
import type { FrontCase, FrontRun } from '../../../../test/kconfig-front.ts';

type Release = '6.1' | '6.12';

function run(release: Release, kconfig: string, more: Partial<FrontCase> = {}): FrontRun {
  const { files = {}, args = ['--oldaskconfig', 'Kconfig'], ...rest } = more;
  return runOurs({ files: { Kconfig: kconfig, ...files }, args, ...rest }, release);
}

// What a faulty text is refused with.
function refusal(release: Release, kconfig: string): readonly string[] {
  const { status, stderr } = run(release, kconfig);
  expect(status).toBe(1);
  return stderr.trimEnd().split('\n');
}

// What a text that is no more than odd is warned of.
function warnings(release: Release, kconfig: string): readonly string[] {
  const { status, stderr } = run(release, kconfig, { args: ['--alldefconfig', 'Kconfig'] });
  expect(status).toBe(0);
  return stderr === '' ? [] : stderr.trimEnd().split('\n');
}

const plain = 'config A\n\tbool "a thing"\nconfig B\n\tbool "another"\n\tdepends on A\n';

describe('questions', () => {
  test('an entry that depends on the one before it is indented, and asked where that is y', () => {
    const { stdout, files } = run('6.12', plain, { input: 'y\nn\n' });
    expect(stdout).toBe(
      '*\n* Main menu\n*\na thing (A) [N/y/?] (NEW) y\n  another (B) [N/y/?] (NEW) n\n' +
        '#\n# configuration written to .config\n#\n',
    );
    expect(files['.config']).toContain('CONFIG_A=y\n# CONFIG_B is not set\n');
    expect(run('6.12', plain, { input: 'n\n' }).stdout).not.toContain('another');
  });

  test('an answer that is none is asked again; ? explains', () => {
    const text = 'config A\n\tbool "a thing"\n\thelp\n\t  What it\n\t    is.\n';
    const { stdout } = run('6.12', text, { input: 'perhaps\n?\nyes\n' });
    expect(stdout.split('(A) [N/y/?] (NEW) ').slice(1, 3)).toEqual([
      'perhaps\na thing ',
      '?\n\nCONFIG_A:\n\nWhat it\n  is.\n\nSymbol: A [=n]\nType  : bool\nDefined at Kconfig:1\n' +
        '  Prompt: a thing\n  Location:\n    -> a thing (A [=n])\n\n\n\na thing ',
    ]);
  });

  test('m is offered where modules are', () => {
    const text = 'config M\n\tbool "mods"\n\tmodules\nconfig T\n\ttristate "three"\n';
    expect(run('6.12', text, { input: 'y\nm\n' }).stdout).toContain('(T) [N/m/y/?] (NEW) m\n');
    expect(run('6.12', text, { input: 'n\ny\n' }).stdout).toContain('(T) [N/y/?] (NEW) y\n');
  });

  test('a number is asked for until it is in its range', () => {
    const text = 'config N\n\tint "number"\n\trange 3 9\n\tdefault 5\n';
    const { stdout, files } = run('6.12', text, { input: '12\nten\n7\n' });
    expect(stdout.match(/number \(N\) \[5\] \(NEW\) /g)).toHaveLength(3);
    expect(files['.config']).toContain('CONFIG_N=7\n');
    const empty = run('6.12', 'config N\n\tint "number"\n\trange 5 3\n', { input: 'x\n' });
    expect(empty.status).toBe(1);
    expect(empty.stderr).toContain("error: no value for new symbol 'N' at end of input\n");
  });

  test('a choice is a list; a number with ? explains a member', () => {
    const text =
      'choice\n\tprompt "pick"\nconfig A\n\tbool "one"\nconfig B\n\tbool "two"\nendchoice\n';
    const { stdout, files } = run('6.12', text, { input: '2?\n5\n2\n' });
    const list = 'pick\n> 1. one (A) (NEW)\n  2. two (B) (NEW)\nchoice[1-2?]: ';
    expect(stdout.split(list)).toHaveLength(4);
    expect(stdout).toContain('    -> pick (<choice> [=n])\n      -> two (B [=n])\n');
    expect(files['.config']).toContain('# CONFIG_A is not set\nCONFIG_B=y\n');
  });

  test('up to 6.10 a choice may be m, and its members modules', () => {
    const text =
      'config M\n\tdef_bool y\n\tmodules\nchoice\n\ttristate "pick"\nconfig A\n' +
      '\ttristate "one"\nconfig B\n\ttristate "two"\nendchoice\n';
    const { stdout, files } = run('6.1', text, { input: 'm\nm\nm\n' });
    expect(stdout).toContain('pick [M/y/?] (NEW) m\n  one (A) [N/m/?] (NEW) m\n');
    expect(files['.config']).toContain('CONFIG_A=m\nCONFIG_B=m\n');
  });

  test('oldconfig asks what has no answer, and goes round until nothing is left', () => {
    const files = { '.config': '# CONFIG_A is not set\n' };
    const args = ['--oldconfig', 'Kconfig'];
    const text = `${plain}config C\n\tbool "third"\n`;
    const { stdout } = run('6.12', text, { files, args, input: 'y\n' });
    expect(stdout).toMatch(/^\*\n\* Restart config\.\.\.\n\*\n\*\n\* Main menu\n/);
    expect(stdout).toContain('a thing (A) [N/y/?] n\nthird (C) [N/y/?] (NEW) y\n');
  });

  test('new symbols are listed with their values, or with their help', () => {
    const list = run('6.12', plain, { args: ['--listnewconfig', 'Kconfig'] });
    expect([list.stdout, list.files['.config']]).toEqual(['CONFIG_A=n\n', undefined]);
    const help = run('6.12', plain, { args: ['--helpnewconfig', 'Kconfig'] });
    expect(help.stdout).toMatch(
      /^-----\n\nThere is no help available for this option\.\nSymbol: A/,
    );
  });
});

describe('errors', () => {
  test('each bad line is told, and conf ends behind the last file', () => {
    expect(refusal('6.12', 'nonsense\n\nconfig A B\n\tbool\nconfig C\n\tbool\n')).toEqual([
      'Kconfig:1: syntax error',
      'Kconfig:1: unknown statement "nonsense"',
      'Kconfig:3: syntax error',
      'Kconfig:3: invalid statement',
      'Kconfig:4: invalid statement',
    ]);
    expect(refusal('6.1', 'nonsense\n')).toEqual([
      'Kconfig:2: syntax error',
      'Kconfig:1: unknown statement "nonsense"',
    ]);
  });

  test('blocks end with their own word, in their own file', () => {
    expect(refusal('6.12', 'menu "m"\nendif\n')).toEqual([
      "Kconfig:2: unexpected 'if' within menu block",
    ]);
    expect(refusal('6.12', 'if A\nmenu "m"\nconfig A\n\tbool\n')).toEqual([
      'Kconfig:5: syntax error',
      'Kconfig:2: missing end statement for this entry',
      'Kconfig:1: missing end statement for this entry',
    ]);
    const files = { part: 'endmenu\n' };
    const { stderr } = run('6.12', 'menu "m"\nsource "part"\nendmenu\n', { files });
    expect(stderr).toMatch(
      "part:1: 'menu' in different file than 'menu'\nKconfig:1: location of the 'menu'\n",
    );
  });

  test('a file that sources itself is told with the way to it', () => {
    const files = { 'Kconfig.a': '\nsource "Kconfig.b"\n', 'Kconfig.b': 'source "Kconfig.a"\n' };
    const said = (release: Release): string =>
      run(release, 'source "Kconfig.a"\n', { files }).stderr;
    const way =
      'Recursive inclusion detected.\nInclusion path:\n  current file : Kconfig.a\n' +
      '  included from: Kconfig.b:1\n  included from: Kconfig.a:2\n';
    expect(said('6.1')).toBe(way);
    expect(said('6.12')).toBe(`${way}  included from: Kconfig:1\n`);
    expect(refusal('6.12', '\nsource "gone"\n')).toEqual(['Kconfig:2: can\'t open file "gone"']);
  });

  test('symbols that wait for each other are told step by step', () => {
    const text =
      'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A\n' +
      'config C\n\tbool "c"\n\tdefault D\nconfig D\n\tbool "d" if C\n' +
      'config E\n\tbool "e"\n\tdepends on F\nconfig F\n\tbool\n\timply E\n\tdefault E\n';
    const steps = refusal('6.12', text).filter((line) => /error|\t/.test(line));
    expect(steps).toEqual([
      'error: recursive dependency detected!',
      '\tsymbol A depends on B',
      '\tsymbol B depends on A',
      'error: recursive dependency detected!',
      '\tsymbol C default value contains D',
      '\tsymbol D prompt is visible depending on C',
      'error: recursive dependency detected!',
      '\tsymbol E depends on F',
      '\tsymbol F default value contains E',
    ]);
    expect(refusal('6.1', 'config A\n\tbool "a"\n\tselect A\n')[1]).toBe(
      'Kconfig:1:\tsymbol A is selected by A',
    );
    expect(refusal('6.1', 'config A\n\tbool "a"\n\timply A\n')[1]).toBe(
      'Kconfig:1:\tsymbol A is implied by A',
    );
  });

  test('a choice that depends on its own member waits for itself', () => {
    const text = 'choice\n\tprompt "c"\n\tdepends on A\nconfig A\n\tbool "a"\nendchoice\n';
    expect(refusal('6.12', text).slice(0, 3)).toEqual([
      'error: recursive dependency detected!',
      '\tsymbol <choice> prompt is visible depending on A',
      '\tsymbol A is part of choice block at Kconfig:1',
    ]);
    expect(refusal('6.1', text).slice(0, 3)).toEqual([
      'Kconfig:1:error: recursive dependency detected!',
      'Kconfig:1:\tchoice <choice> contains symbol A',
      'Kconfig:4:\tsymbol A is part of choice <choice>',
    ]);
  });

  test('since 6.11 choices must be in order; before, that was a warning', () => {
    const text =
      'choice\nconfig A\n\ttristate "a"\nconfig B\n\tbool\nconfig C\n\tbool "c"\n' +
      '\tdefault y\nendchoice\n';
    expect(refusal('6.12', text)).toEqual([
      'Kconfig:1: error: choice must have a prompt',
      'Kconfig:2: error: choice member must be bool',
      'Kconfig:4: error: choice member must have a prompt',
    ]);
    expect(warnings('6.1', text)).toEqual([
      'Kconfig:4:warning: choice value must have a prompt',
      'Kconfig:8:warning: defaults for choice values not supported',
      'Kconfig:1:warning: choice must have a prompt',
    ]);
  });
});

describe('warnings', () => {
  test('of prompts, types and help texts', () => {
    const text =
      'config A\n\tbool " a"\n\tprompt "again"\n\tint\nmenuconfig B\n\tbool\n\thelp\n\n' +
      'config C\n\thelp\n\t  one\n\thelp\n\t  two\n';
    expect(warnings('6.12', text)).toEqual([
      'Kconfig:2:warning: leading whitespace ignored',
      'Kconfig:3:warning: prompt redefined',
      "Kconfig:1:warning: ignoring type redefinition of 'A' from 'bool' to 'integer'",
      "Kconfig:9: warning: 'B' defined with blank help text",
      'Kconfig:9: warning: menuconfig statement without prompt',
      "Kconfig:14: warning: 'C' defined with more than one help text -- " +
        'only the last one will be used',
      'Kconfig:9:warning: config symbol defined without type',
    ]);
  });

  test('of values and targets of the wrong type', () => {
    const text =
      'config N\n\tint\n\tdefault y\n\tdefault A && B\n\trange A 5\nconfig A\n\tbool\n' +
      '\tselect N\n\trange 1 2\nconfig S\n\tstring\n\tselect A\nconfig B\n\tbool ; "x"\n';
    expect(warnings('6.12', text)).toEqual([
      "Kconfig:14:warning: ignoring unsupported character ';'",
      "Kconfig:3:warning: 'N': number is invalid",
      "Kconfig:4:warning: default for config symbol 'N' must be a single symbol",
      'Kconfig:5:warning: range is invalid',
      "Kconfig:8:warning: 'N' has wrong type. 'select' only accept arguments of bool and " +
        'tristate type',
      'Kconfig:9:warning: range is only allowed for int or hex symbols',
      'Kconfig:9:warning: range is invalid',
      "Kconfig:12:warning: config symbol 'S' uses select, but is not bool or tristate",
    ]);
  });

  test('of dependencies that a select does not care for, with their values', () => {
    const text =
      'config A\n\tbool "a"\n\tdefault y\n\tselect B\nconfig B\n\tbool "b"\n' +
      '\tdepends on C && (D || !A)\nconfig C\n\tbool "c"\nconfig D\n\tbool "d"\n';
    const said = warnings('6.12', text);
    expect(said.slice(0, 5)).toEqual([
      '',
      'WARNING: unmet direct dependencies detected for B',
      '  Depends on [n]: C [=n] && (D [=n] || !A [=y])',
      '  Selected by [y]:',
      '  - A [=y]',
    ]);
    const strict = run('6.12', text, {
      args: ['--olddefconfig', 'Kconfig'],
      files: { '.config': '' },
      environment: { KCONFIG_WERROR: '1' },
    });
    expect([strict.status, strict.files['include/config/auto.conf']]).toEqual([1, undefined]);
  });

  test('of lines in a configuration file', () => {
    const files = { '.config': 'CONFIG_A=maybe\n\nCONFIG_A=y\nCONFIG_A=n\nodd\nCONFIG_Z=y\n' };
    const environment = { KCONFIG_WARN_UNKNOWN_SYMBOLS: '1' };
    const args = ['--olddefconfig', 'Kconfig'];
    const { stderr, files: left } = run('6.12', plain, { files, environment, args });
    expect(stderr).toBe(
      ".config:1:warning: symbol value 'maybe' invalid for A\n" +
        '.config:4:warning: override: reassigning to symbol A\n' +
        '.config:5:warning: unexpected data: odd\n' +
        '.config:6:warning: unknown symbol: Z\n',
    );
    expect(left['.config.old']).toBe(files['.config']);
  });

  test('a bool compared with m is told on stdout', () => {
    const text = 'config A\n\tbool\nconfig B\n\tbool "b"\n\tdepends on A != m\n';
    const { stdout } = run('6.12', text, { args: ['-s', '--alldefconfig', 'Kconfig'] });
    expect(stdout).toContain("boolean symbol A tested for 'm'? test forced to 'y'\n");
  });
});

describe('values', () => {
  const config = (release: Release, text: string, more: Partial<FrontCase> = {}): string =>
    run(release, text, { args: ['--alldefconfig', 'Kconfig'], ...more }).files['.config'] ?? '';

  test('a text whose default is a bool is n, whatever that is', () => {
    const text = 'config A\n\tdef_bool y\nconfig S\n\tstring\n\tdefault A\n';
    expect(config('6.12', text)).toContain('CONFIG_S="n"\n');
    expect(config('6.1', text)).toContain('CONFIG_S="n"\n');
    expect(config('6.12', text.replace('default A', 'default y'))).toContain('CONFIG_S="y"\n');
  });

  test('a number that a module selects can still be answered', () => {
    const text =
      'config M\n\tdef_bool y\n\tmodules\nconfig T\n\tdef_tristate m\n\tselect N\n' +
      'config N\n\tint "n"\n';
    const args = ['--oldaskconfig', 'Kconfig'];
    expect(config('6.12', text, { args, input: '7\n' })).toContain('CONFIG_N=7\n');
  });

  test('a menu is shown by its own `visible if` as written: m needs no modules there', () => {
    const text = 'menu "some"\n\tvisible if m\nconfig A\n\tbool "a"\nendmenu\n';
    expect(config('6.12', text)).toContain('# some\n');
  });

  test('up to 6.10 what is shown for what stands below it counts as answered', () => {
    const text =
      'config X\n\tbool "x"\nmenuconfig A\n\tbool "a" if X\n\tdefault y\n' +
      'config B\n\tbool "b"\n\tdepends on A\n';
    const said = (release: Release): string => run(release, text).stdout;
    expect(said('6.1')).toContain('a (A) [Y/?] y\n');
    expect(said('6.12')).toContain('a (A) [Y/?] (NEW) y\n');
  });
});

describe('files', () => {
  test('the build finds what it includes, and what has changed since', () => {
    const text =
      'config A\n\tbool "a"\nconfig H\n\thex "h"\n\tdefault 0xf\nconfig S\n\tstring "s"\n';
    const first = run('6.12', text, { args: ['--syncconfig', 'Kconfig'], input: 'y\n\n"x"\n' });
    expect(first.files['include/generated/autoconf.h']).toContain(
      '#define CONFIG_H 0xf\n#define CONFIG_S "\\"x\\""\n#define CONFIG_A 1\n',
    );
    expect(first.files['include/config/auto.conf']).toContain('CONFIG_S="x"\nCONFIG_A=y\n');
    expect(Object.keys(first.files)).toContain('include/config/A');
    const { 'include/config/A': _, ...left } = first.files;
    const files = { ...left, '.config': 'CONFIG_A=y\nCONFIG_H=0xe\nCONFIG_S="\\"x\\""\n' };
    const second = run('6.12', text, { args: ['--syncconfig', 'Kconfig'], files });
    expect(Object.keys(second.files)).not.toContain('include/config/A');
  });

  test('KCONFIG_ALLCONFIG names a file, or has the usual ones looked for', () => {
    const args = ['--allnoconfig', 'Kconfig'];
    const seeded = run('6.12', plain, {
      args,
      files: { 'all.config': 'CONFIG_A=y\n' },
      environment: { KCONFIG_ALLCONFIG: '1' },
    });
    expect(seeded.files['.config']).toContain('CONFIG_A=y\n');
    const missing = run('6.12', plain, { args, environment: { KCONFIG_ALLCONFIG: '' } });
    expect(missing.stderr).toBe(
      '*** KCONFIG_ALLCONFIG set, but no "allno.config" or "all.config" file found\n',
    );
    const gone = run('6.12', plain, { args, environment: { KCONFIG_ALLCONFIG: 'gone' } });
    expect([gone.status, gone.stderr]).toEqual([1, '*** Can\'t read seed configuration "gone"!\n']);
  });

  test('the shell is asked, and the environment is seen', () => {
    const text = 'X := $(shell,echo one; echo two)\n$(info,$(X) $(NAME)-$(GONE)-)\n';
    const given = {
      args: ['--alldefconfig', 'Kconfig'],
      files: { Kconfig: text },
      environment: { NAME: 'n' },
    };
    const asked: string[] = [];
    const ours = runOurs(given, '6.12', (command) => {
      asked.push(command);
      return 'one\ntwo\n\n';
    });
    expect(asked).toEqual(['echo one; echo two']);
    expect(ours.stdout).toContain('one two n--\n');
    expect(ours.files['include/config/auto.conf.cmd']).toContain('ifneq "$(NAME)" "n"\n');
  });

  test('the command line may be wrong', () => {
    const usage = run('6.12', plain, { args: ['--help'] });
    expect([usage.status, usage.stdout.slice(0, 12)]).toEqual([1, 'Usage: conf ']);
    expect(run('6.12', plain, { args: [] }).stderr).toBe('conf: Kconfig file missing\n');
    const odd = run('6.12', plain, { args: ['--nothing', '--alldefc', 'Kconfig'] });
    expect([odd.status, odd.stderr]).toEqual([0, "conf: unrecognized option '--nothing'\n"]);
    expect(run('6.12', plain, { args: ['--defconfig', 'gone', 'Kconfig'] }).stderr).toBe(
      '***\n*** Can\'t find default configuration "gone"!\n***\n',
    );
  });
});
