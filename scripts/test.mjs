// npm test: everything. Sets up what it may (real kernel trees where apt is there; as root also
// what the kernel's own Kconfig program needs to be compiled), then checks, builds and runs all
// tests. What cannot be set up is skipped, and said at the end. With --no-setup nothing is
// installed.

import { flags } from './lib/flags.mjs';
import { ask, has, run, start, Trouble } from './lib/run.mjs';
import { checks, finish, runSteps, runTests, script } from './lib/steps.mjs';
import { findTree, isRecordedTree, recordedVersion, releases } from './lib/trees.mjs';

/** @typedef {{ what: string, why: string, enable: string }} Skipped a part that is not tested */

/**
 * What tests ask of the system beside Node, with Debian's names of the packages that have it.
 * @type {readonly { what: string, programs: readonly string[], packages: readonly string[] }[]}
 */
const outsiders = [
  {
    what: "the comparison with the kernel's own Kconfig program",
    programs: ['bison', 'flex', 'gcc', 'make'],
    packages: ['bison', 'flex', 'gcc', 'libc6-dev', 'make'],
  },
  {
    what: "the kernel's own tests of Kconfig",
    programs: ['python3', 'pytest'],
    packages: ['python3', 'python3-pytest'],
  },
  // SPIN takes a minute or two, so it is asked where somebody says so, as continuous integration
  // does; a browser is some 300 MB.
  ...(process.env['DACHS_SPIN'] === '1'
    ? [
        {
          what: 'the comparison with SPIN',
          programs: ['spin', 'gcc'],
          packages: ['spin', 'gcc', 'libc6-dev'],
        },
      ]
    : []),
  ...(process.env['CI']
    ? [{ what: 'the engine in a browser', programs: ['chromium'], packages: ['chromium'] }]
    : []),
];

const given = flags('npm test [-- --no-setup]  (with it, nothing is downloaded or installed)', [
  'no-setup',
]);

await start(async () => {
  const mayInstall = !given['no-setup'];
  const skipped = [...(await setUpTrees(mayInstall)), ...spinNotAsked()];
  for (const outsider of outsiders) skipped.push(...(await setUp(outsider, mayInstall)));
  const failed = await runSteps([...checks, script('build', 'build.mjs')]);
  const tests = [await runTests('unit'), await runTests('integration')];
  process.stdout.write(loudly(skipped));
  return finish(failed, tests);
});

/**
 * @param {boolean} mayInstall
 * @returns {Promise<Skipped[]>}
 */
async function setUpTrees(mayInstall) {
  let why = 'no tree there, and --no-setup given';
  if (mayInstall && releases.some((release) => !findTree(release))) {
    why = await attempt(process.execPath, [`${import.meta.dirname}/trees.mjs`]);
  }
  const absent = releases.filter((release) => !findTree(release));
  const other = releases.filter((release) => findTree(release) && !isRecordedTree(release));
  return [
    ...absent.map((release) => ({
      what: `everything that reads the kernel tree of ${release}`,
      why,
      enable: 'npm run trees',
    })),
    ...other.map((release) => ({
      what: `what must agree line by line with the facts recorded of ${release}`,
      why: `the tree is not of version ${recordedVersion(release)}`,
      enable: `linux-source-${release}=${recordedVersion(release)}, by npm run trees -- --from`,
    })),
  ];
}

/**
 * @param {(typeof outsiders)[number]} outsider
 * @param {boolean} mayInstall
 * @returns {Promise<Skipped[]>}
 */
async function setUp({ what, programs, packages }, mayInstall) {
  const missing = () => programs.filter((program) => !has(program)).join(' ');
  if (missing() === '') return [];
  let why = `not installed: ${missing()}`;
  if (mayInstall && process.getuid?.() === 0 && has('apt-get')) {
    if (ask('apt-cache', ['show', programs[0] ?? '']) === undefined)
      await attempt('apt-get', ['-q', 'update']);
    const args = ['-q', '-y', '--no-install-recommends', 'install', ...packages];
    why = (await attempt('apt-get', args)) || why;
  }
  if (missing() === '') return [];
  return [{ what, why, enable: `apt-get install ${packages.join(' ')}` }];
}

/** @returns {readonly Skipped[]} */
function spinNotAsked() {
  if (process.env['DACHS_SPIN'] === '1') return [];
  const what = 'the comparison with SPIN (about two minutes)';
  return [{ what, why: 'it is opt-in', enable: 'DACHS_SPIN=1 npm test' }];
}

/**
 * Runs a program; its failure is a sentence, not the end.
 * @param {string} program
 * @param {readonly string[]} args
 */
async function attempt(program, args) {
  try {
    await run(program, args);
    return '';
  } catch (error) {
    if (error instanceof Trouble) return error.message;
    throw error;
  }
}

/** @param {readonly Skipped[]} skipped */
function loudly(skipped) {
  if (skipped.length === 0) return '';
  const lines = skipped.map(
    ({ what, why, enable }) => `  ${what}\n    why: ${why}\n    to enable: ${enable}\n`,
  );
  return `\n==== SKIPPED PARTS ====\n${lines.join('')}=======================\n`;
}
