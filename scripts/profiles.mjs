// npm run profiles: probes the toolchains of Debian 12 with the questions of the kernel trees and
// writes data/profiles/. A toolchain that is not installed is named and its file left alone:
// apt-get install gcc-arm-linux-gnueabi and so on brings them. Only programs of the distribution
// are asked, none of the user's own.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { flags } from './lib/flags.mjs';
import { has, start, Trouble } from './lib/run.mjs';
import { findTree, releases } from './lib/trees.mjs';

flags('npm run profiles  (probes the toolchains of Debian 12, writes data/profiles)', []);

/** Name of the profile, prefix of its tools, and each ARCH that it is for. */
const toolchains = /** @type {const} */ ([
  ['alpha', 'alpha-linux-gnu-', ['alpha']],
  ['arc', 'arc-linux-gnu-', ['arc']],
  ['arm', 'arm-linux-gnueabi-', ['arm']],
  ['arm64', 'aarch64-linux-gnu-', ['arm64']],
  ['hppa', 'hppa-linux-gnu-', ['parisc']],
  ['hppa64', 'hppa64-linux-gnu-', ['parisc64']],
  ['m68k', 'm68k-linux-gnu-', ['m68k']],
  ['mips', 'mips-linux-gnu-', ['mips']],
  ['powerpc', 'powerpc-linux-gnu-', ['powerpc']],
  ['powerpc64le', 'powerpc64le-linux-gnu-', ['powerpc']],
  ['riscv64', 'riscv64-linux-gnu-', ['riscv']],
  ['s390x', 's390x-linux-gnu-', ['s390']],
  ['sh4', 'sh4-linux-gnu-', ['sh']],
  ['sparc64', 'sparc64-linux-gnu-', ['sparc', 'sparc32', 'sparc64']],
  ['x86_64', '', ['i386', 'um', 'x86', 'x86_64']],
]);

const folder = path.resolve(import.meta.dirname, '../data/profiles');

await start(async () => {
  process.env['PATH'] = '/usr/sbin:/usr/bin:/sbin:/bin';
  mkdirSync(folder, { recursive: true });
  for (const [cpu, prefix, archs] of toolchains) {
    const name = `gcc-12-${cpu}`;
    if (!has(`${prefix}gcc`)) {
      process.stdout.write(`${name}: left alone: there is no ${prefix}gcc\n`);
      continue;
    }
    const title = `Debian 12: gcc 12.2 and binutils 2.40 for ${cpu}`;
    await write({ ...(await probed(name, prefix, archs)), title });
  }
  return 0;
});

/**
 * @param {import('../dist/audit/index.js').ToolchainRecord} record
 */
async function write(record) {
  const { profileFile } = await import('../dist/forms/index.js');
  const text = JSON.stringify(profileFile(record), undefined, 1);
  writeFileSync(path.join(folder, `${record.name}.json`), `${text}\n`);
  const count = Object.keys(record.answers).length;
  process.stdout.write(`${record.name}: ${count} answers, ${text.length} bytes\n`);
}

/**
 * One record of all architectures and trees; the scripts of the newest tree have the say.
 * @param {string} name
 * @param {string} crossCompile
 * @param {readonly string[]} archs
 */
async function probed(name, crossCompile, archs) {
  const { mergeRecords } = await import('../dist/audit/index.js');
  /** @type {import('../dist/audit/index.js').ToolchainRecord | undefined} */
  let all;
  for (const release of [...releases].reverse()) {
    const one = await probedOn(release, name, crossCompile, archs);
    all = all === undefined ? one : given(mergeRecords(all, one));
  }
  if (all === undefined) throw new Trouble('there are no trees', 'npm run trees');
  return all;
}

/**
 * @param {string} release
 * @param {string} name
 * @param {string} crossCompile
 * @param {readonly string[]} archs
 */
async function probedOn(release, name, crossCompile, archs) {
  const { architectureNamed, mergeRecords } = await import('../dist/audit/index.js');
  const { openTree, probeToolchain } = await import('../dist/host/index.js');
  const tree = findTree(release)?.folder;
  if (tree === undefined) throw new Trouble(`there is no tree of ${release}`, 'npm run trees');
  /** @type {import('../dist/audit/index.js').ToolchainRecord | undefined} */
  let all;
  const opened = given(openTree(tree));
  for (const arch of archs) {
    const port = architectureNamed(opened, arch);
    if (port === undefined) throw new Trouble(`there is no architecture ${arch}`);
    const began = performance.now();
    const one = given(await probeToolchain({ tree, port, crossCompile, name }));
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const count = Object.keys(one.answers).length;
    process.stdout.write(`  ${release} ${arch}: ${count} questions, ${seconds} s\n`);
    all = all === undefined ? one : given(mergeRecords(all, one));
  }
  if (all === undefined) throw new Trouble(`${name} is for no architecture`);
  return all;
}

/**
 * @template T
 * @param {import('../dist/base/index.js').Result<T>} result
 * @returns {T}
 */
function given(result) {
  if (result.ok) return result.value;
  throw new Trouble(result.problem.what, result.problem.hint);
}
