// How fast Kconfig is read and asked, beside kconfiglib (python3-kconfiglib) and the tree's own
// conf, in one run: node bench/kconfig.mjs [--record]. Ratios of the medians of CPU time.
// kconfiglib reads a copy of the tree's Kconfig files in which a bare `modules`, which it does
// not know, is written as in 4.x, and so do we beside it. conf makes a configuration as well,
// which costs it little; it answers the shell's questions from a file. kconfiglib runs the
// compiler, whose time is not counted, only that of starting it some ninety times.
// bench/kconfig.json keeps the figures.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildConf } from '../scripts/lib/conf.mjs';
import { formatted } from '../scripts/lib/format.mjs';
import { timed } from './timed.mjs';
import { findTree } from '../scripts/lib/trees.mjs';

const root = path.resolve(import.meta.dirname, '..');
const record = process.argv.includes('--record');
const release = '6.12';
const runs = 5;
const tree = findTree(release)?.folder ?? '';
if (tree === '') throw new Error(`no tree of ${release}: npm run trees`);
const folder = mkdtempSync(path.join(os.tmpdir(), 'dachs-bench-'));
try {
  main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function main() {
  const patched = patchedCopy();
  const one = median(() => ours('one', tree));
  const all = median(() => ours('all', tree));
  const copy = median(() => ours('one', patched));
  const python = median(() => kconfiglib(patched));
  const program = buildConf(tree, path.join(folder, 'conf'));
  const conf = median(() => runConf(program, String(one.told)));
  const archs = ['arm', 'mips', 'sh', 'sparc', 'arm64', 'powerpc', 's390', 'x86'];
  const answers = archs.map((arch) => ({
    arch,
    answer: median(() => ours('want', tree, arch)).told,
  }));
  const figures = {
    release,
    machine: `${os.cpus().length} x ${os.cpus()[0]?.model}, Node ${process.version}`,
    oneArchitecture: rounded(one),
    conf: rounded(conf),
    ratioToConf: ratio(one.cpuSeconds, conf.cpuSeconds),
    oneArchitectureOfCopy: rounded(copy),
    kconfiglib: rounded(python),
    ratioToKconfiglib: ratio(copy.cpuSeconds, python.cpuSeconds),
    allArchitectures: rounded(all),
    firstAnswers: answers,
  };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  if (!record) return;
  const file = path.join(root, 'bench/kconfig.json');
  writeFileSync(file, formatted(JSON.stringify(figures, null, 2), 'bench/kconfig.json'));
}

/** @typedef {{ cpuSeconds: number, wallSeconds: number, told?: unknown }} Run */

/**
 * The run of median CPU time.
 * @param {() => Run} once
 * @returns {Run}
 */
function median(once) {
  const all = Array.from({ length: runs }, once).sort((a, b) => a.cpuSeconds - b.cpuSeconds);
  const middle = all[runs >> 1];
  if (middle === undefined) throw new Error('no run');
  return middle;
}

/** @param {Run} run */
function rounded({ cpuSeconds, wallSeconds }) {
  return { cpuSeconds: Number(cpuSeconds.toFixed(2)), wallSeconds: Number(wallSeconds.toFixed(2)) };
}

/**
 * @param {number} a
 * @param {number} b
 */
function ratio(a, b) {
  return Number((a / b).toFixed(2));
}

/**
 * Our reader in a process of its own, start-up not counted.
 * @param {string} what
 * @param {string} where
 * @param {string} [arch]
 * @returns {Run}
 */
function ours(what, where, arch = 'x86_64') {
  const script = path.join(root, 'bench/kconfig-read.mjs');
  const run = spawnSync(process.execPath, [script, what, where, arch], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  /** @type {unknown} */
  const told = JSON.parse(run.stdout);
  if (!isRun(told)) throw new Error(`not what was to be measured: ${run.stdout}`);
  return told;
}

/**
 * @param {unknown} told
 * @returns {told is Run}
 */
function isRun(told) {
  return typeof told === 'object' && told !== null && 'cpuSeconds' in told && 'wallSeconds' in told;
}

/**
 * @param {string} where
 * @returns {Run}
 */
function kconfiglib(where) {
  const script = [
    'import kconfiglib, time',
    'c = time.process_time(); t = time.time()',
    'kconfiglib.Kconfig("Kconfig", warn=False)',
    'print("%f %f" % (time.process_time() - c, time.time() - t))',
  ].join('\n');
  const run = spawnSync('/usr/bin/python3', ['-c', script], {
    cwd: where,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...environment() },
  });
  if (run.status !== 0) throw new Error(`kconfiglib: ${run.stderr}`);
  const [cpuSeconds, wallSeconds] = run.stdout.split(' ').map(Number);
  return { cpuSeconds: cpuSeconds ?? Number.NaN, wallSeconds: wallSeconds ?? Number.NaN };
}

/**
 * @param {string} program
 * @param {string} answers
 * @returns {Run}
 */
function runConf(program, answers) {
  const file = (/** @type {string} */ name) => path.join(folder, name);
  writeFileSync(file('answers'), answers);
  writeFileSync(file('log'), '');
  mkdirSync(file('auto'), { recursive: true });
  writeFileSync(file('auto/auto.conf'), '');
  const line = `'${program}' -s --alldefconfig Kconfig`;
  return timed(tree, line, {
    PATH: process.env['PATH'],
    ...environment(),
    KCONFIG_CONFIG: file('config'),
    KCONFIG_AUTOCONFIG: file('auto/auto.conf'),
    ORACLE_ANSWERS: file('answers'),
    ORACLE_LOG: file('log'),
  });
}

/** The words that the build would give. */
function environment() {
  const tools = ['LD', 'AR', 'NM', 'OBJCOPY', 'PAHOLE', 'RUSTC', 'BINDGEN'];
  const words = Object.fromEntries(tools.map((tool) => [tool, tool.toLowerCase()]));
  const gcc = { CC: 'gcc', CC_VERSION_TEXT: 'gcc 12.2.0' };
  return { ...words, ...gcc, ARCH: 'x86_64', SRCARCH: 'x86', srctree: '.', KERNELVERSION: release };
}

// A tree of Kconfig files and scripts that kconfiglib can read.
function patchedCopy() {
  const where = path.join(folder, 'tree');
  mkdirSync(where);
  const filter = (/** @type {string} */ name) =>
    !/\.[chS]$/.test(name) && !/\.(dts|dtsi|rst|txt|json)$/.test(name);
  cpSync(path.join(tree, 'scripts'), path.join(where, 'scripts'), { recursive: true, filter });
  cpSync(path.join(tree, 'Makefile'), path.join(where, 'Makefile'));
  for (const name of kconfigFiles()) {
    const target = path.join(where, name);
    mkdirSync(path.dirname(target), { recursive: true });
    const text = readFileSync(path.join(tree, name), 'utf8');
    const known = text.replace(/^\tmodules$/gm, '\toption modules');
    // Without a compiler they would end the reading.
    writeFileSync(target, known.replace(/^\$\(error-if.*$/gm, ''));
  }
  return where;
}

function kconfigFiles() {
  const listed = spawnSync('find', ['.', '-name', 'Kconfig*'], { cwd: tree, encoding: 'utf8' });
  return listed.stdout.split('\n').filter((name) => name !== '');
}
