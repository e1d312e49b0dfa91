// npm run trees: brings Debian's kernel source packages into a cache folder outside the repository,
// for audits and tests on real trees. Downloads with apt, checks the SHA-256 from apt's (signed)
// lists, unpacks what Dachs reads beside the final place, and renames. Safe to run twice, at once,
// and after an interruption.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ask, cleanly, has, run, start, Trouble } from './lib/run.mjs';
import {
  contents,
  findTree,
  recordedVersion,
  releases,
  stampName,
  treesFolder,
} from './lib/trees.mjs';

/** @typedef {{ name: string, version: string, sha256: string | undefined }} Package */
/** @typedef {{ file: string, sha256: string, kept: boolean }} Deb `kept`: not ours to delete */

const usage = `Usage: npm run trees [-- [--list] [--from FILE.deb]... [RELEASE]...]

Brings Debian's linux-source packages (default: ${releases.join(' and ')}) into
${treesFolder()}
(set DACHS_TREES to choose another folder).

  --list           print which trees are there, and stop
  --from FILE.deb  use a package that was downloaded by hand
`;

const byHand = withoutApt(releases);

/** Read by no part of Dachs, and a third of the bytes: text, device trees, register tables. */
const leftOut = '*.rst *.yaml *.dts *.dtsi *.dtso */drivers/gpu/drm/amd/include'.split(' ');

/** The bytes one tree needs while it is made: unpacked (1.08 GB for 6.12), package, slack. */
const neededBytes = 1.4e9;

const terminal = process.stderr.isTTY;

await start(main);

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      list: { type: 'boolean' },
      from: { type: 'string', multiple: true },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help || values.list) {
    process.stdout.write(values.help ? usage : list());
    return 0;
  }
  const needed = [
    'dpkg-deb',
    'tar',
    'xz',
    'flock',
    ...(values.from ? [] : ['apt-get', 'apt-cache']),
  ];
  const missing = needed.find((program) => !has(program));
  if (missing)
    throw new Trouble(`cannot bring kernel trees: no ${missing} on this machine`, byHand);
  const files = values.from?.map(existing);
  const chosen = files ? [] : positionals.map(known);
  makeFolder();
  await withLock(async () => {
    removeLeftovers();
    if (files) for (const file of files) await bringFile(file);
    else for (const release of chosen.length > 0 ? chosen : releases) await bring(release);
  });
  process.stdout.write(list());
  return 0;
}

/**
 * The file's full path; one that is not there is refused before anything is done.
 * @param {string} file
 */
function existing(file) {
  const full = path.resolve(file);
  if (isFile(full)) return full;
  throw new Trouble(`there is no file ${full}`, 'give --from the path of a downloaded package');
}

/** @param {string} file */
function isFile(file) {
  try {
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * The release, if its tree is there or can be brought. Only for our own releases are apt's lists
 * refreshed: any other must be in them.
 * @param {string} release
 */
function known(release) {
  if (!/^\d+\.\d+$/.test(release)) {
    throw new Trouble(`'${release}' is no release`, 'write it like 6.12');
  }
  if (releases.includes(release) || findTree(release)) return release;
  if (describe(`linux-source-${release}`)) return release;
  throw new Trouble(
    `apt knows no linux-source-${release}: only releases that it lists can be brought`,
    withoutApt([release]),
  );
}

/**
 * What to do where apt does not help.
 * @param {readonly string[]} names releases
 */
function withoutApt(names) {
  const all = (/** @type {(name: string) => string} */ text) => names.map(text).join(' and ');
  return (
    `download ${all((name) => `linux-source-${name}_*_all.deb`)} from any Debian mirror\n` +
    '      (below pool/main/l/) if it has it, then:\n' +
    `      npm run trees -- ${names.map(() => '--from FILE.deb').join(' ')}\n` +
    `      or set DACHS_TREES to a folder with your own ${all((name) => `linux-source-${name}/`)}`
  );
}

/** Makes the cache folder, or says why it cannot be used. */
function makeFolder() {
  const folder = treesFolder();
  try {
    fs.mkdirSync(folder, { recursive: true });
    fs.accessSync(folder, fs.constants.W_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/, \w+ '.*/, '') : String(error);
    throw new Trouble(
      `cannot use ${folder} for kernel trees: ${why}`,
      'set DACHS_TREES to a folder that you may write to',
    );
  }
}

function list() {
  const lines = releases.map((release) => {
    const tree = findTree(release);
    const what = tree?.stamp ? `Debian ${tree.stamp.version}` : 'your own';
    return `linux-source-${release}: ${tree ? `${what}, ${tree.folder}` : 'not there'}\n`;
  });
  return lines.join('');
}

/**
 * Brings the package of one release with apt, unless the tree is there.
 * @param {string} release
 */
async function bring(release) {
  if (findTree(release)) return;
  const name = `linux-source-${release}`;
  checkSpace(name);
  const pack =
    recordedPackage(name, release) ?? describe(name) ?? (await describeAfterUpdate(name));
  const wanted = recordedVersion(release);
  if (wanted !== undefined && pack.version !== wanted) {
    say(`${name}: ${pack.version}; the recorded facts are of ${wanted}, which apt does not list`);
  }
  await unpack(pack, await download(pack));
}

/**
 * The very version that the recorded facts come from, where apt still lists it.
 * @param {string} name
 * @param {string} release
 */
function recordedPackage(name, release) {
  const version = recordedVersion(release);
  return version === undefined ? undefined : describe(`${name}=${version}`);
}

/**
 * Unpacks a package downloaded by hand, in place of a tree of its name.
 * @param {string} file
 */
async function bringFile(file) {
  const [name, version] = ['Package', 'Version'].map((field) =>
    ask('dpkg-deb', ['-f', file, field])?.trim(),
  );
  if (!name || !version) throw new Trouble(`${file} is no Debian package`, byHand);
  if (!/^linux-source-\d+\.\d+$/.test(name)) {
    throw new Trouble(`${file} is ${name}: not a linux-source package`, byHand);
  }
  const sha256 = await hash(file);
  const known = has('apt-cache') ? describe(`${name}=${version}`)?.sha256 : undefined;
  if (known === undefined) say(`${name} ${version}: not verified, apt does not list this version`);
  else if (known !== sha256) throw new Trouble(`${file}: SHA-256 differs from apt's`, byHand);
  checkSpace(name);
  await unpack({ name, version, sha256 }, { file, sha256, kept: true });
}

/**
 * What apt's lists say about a package, or undefined.
 * @param {string} name
 * @returns {Package | undefined}
 */
function describe(name) {
  const text = ask('apt-cache', ['--no-all-versions', 'show', name]) ?? '';
  const field = (/** @type {string} */ key) => new RegExp(`^${key}: (.+)$`, 'm').exec(text)?.[1];
  const version = field('Version');
  if (version === undefined) return undefined;
  return { name: name.replace(/=.*/, ''), version, sha256: field('SHA256') };
}

/**
 * Lets root refresh apt's lists, where they do not know the package.
 * @param {string} name
 * @returns {Promise<Package>}
 */
async function describeAfterUpdate(name) {
  const hint = withoutApt([name.replace('linux-source-', '')]);
  if (process.getuid?.() !== 0) {
    throw new Trouble(`apt does not know ${name}`, `sudo apt-get update, or ${hint}`);
  }
  say('apt-get update');
  await run('apt-get', ['-q', 'update']);
  const pack = describe(name);
  if (pack === undefined) throw new Trouble(`this Debian release has no ${name}`, hint);
  return pack;
}

/**
 * The package's file in the cache, verified; downloaded unless an interrupted run left it there.
 * @param {Package} pack
 * @returns {Promise<Deb>}
 */
async function download({ name, version, sha256 }) {
  if (sha256 === undefined) throw new Trouble(`apt gives no SHA-256 for ${name}`, byHand);
  const file = path.join(treesFolder(), `${name}_${version}.deb`);
  if (fs.existsSync(file) && (await hash(file)) === sha256) return { file, sha256, kept: false };
  const folder = partialFolder(name);
  await cleanly(remover(folder), async () => {
    say(`${name}: downloading ${version}`);
    const asRoot = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : [];
    const quiet = terminal ? [] : ['-qq'];
    await run('apt-get', [...quiet, ...asRoot, 'download', `${name}=${version}`], { cwd: folder });
    const got = fs.readdirSync(folder).find((entry) => entry.endsWith('.deb'));
    if (got === undefined) throw new Trouble(`apt-get left no package for ${name}`, byHand);
    if ((await hash(path.join(folder, got))) !== sha256) {
      throw new Trouble(`${got}: SHA-256 differs from apt's`, 'npm run trees, to try again');
    }
    fs.renameSync(path.join(folder, got), file);
  });
  return { file, sha256, kept: false };
}

/**
 * Unpacks beside the final place, stamps, and renames.
 * @param {Package} pack
 * @param {Deb} deb
 */
async function unpack({ name, version }, { file, sha256, kept }) {
  const folder = partialFolder(name);
  await cleanly(remover(folder), async () => {
    say(`${name}: unpacking ${version}`);
    await run('bash', ['-c', pipeline(), 'bash', file, name, folder], { onLine: progress(name) });
    const tree = path.join(folder, name);
    if (!fs.existsSync(path.join(tree, 'Kconfig'))) {
      throw new Trouble(`${file} holds no kernel tree`, byHand);
    }
    const stamp = { package: name, version, sha256, contents };
    fs.writeFileSync(path.join(tree, stampName), `${JSON.stringify(stamp, null, 2)}\n`);
    const place = path.join(treesFolder(), name);
    if (fs.existsSync(place)) fs.renameSync(place, path.join(folder, 'old'));
    fs.renameSync(tree, place);
    if (!kept) fs.rmSync(file);
  });
}

/** From the package straight to files: no intermediate archive on disk. */
function pipeline() {
  const excludes = leftOut.map((pattern) => `--exclude='${pattern}'`).join(' ');
  const checkpoints = terminal ? "--checkpoint=2000 --checkpoint-action=echo='at %u'" : '';
  return [
    'set -o pipefail; dpkg-deb --fsys-tarfile "$1"',
    'tar -xO -f - "./usr/src/$2.tar.xz"',
    `tar -x -I 'xz -T0' -f - -C "$3" --no-same-owner ${checkpoints} ${excludes}`,
  ].join(' | ');
}

/**
 * Shows tar's checkpoints (records of 10 KiB) as one line that is written over.
 * @param {string} name
 * @returns {(line: string) => boolean}
 */
function progress(name) {
  return (line) => {
    const records = /\bat (\d+)$/.exec(line)?.[1];
    if (records === undefined) return false;
    const megabytes = Math.round((Number(records) * 10240) / 1e6);
    process.stderr.write(`\r${name}: ${megabytes} MB read\u001b[K\r`);
    return true;
  };
}

/**
 * Holds the cache folder's lock during the work; the kernel lets go of it when we die, however.
 * @param {() => Promise<void>} work
 */
async function withLock(work) {
  const file = path.join(treesFolder(), '.lock');
  const held = spawn('flock', [file, 'sh', '-c', 'echo held; cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const patience = setTimeout(() => say('waiting for another npm run trees'), 1000);
  await new Promise((resolve, reject) => {
    held.stdout.once('data', resolve);
    held.once('error', reject);
    held.once('close', () => reject(new Trouble(`cannot lock ${file}`)));
  }).finally(() => clearTimeout(patience));
  try {
    await work();
  } finally {
    held.stdin.end();
  }
}

/** @param {string} name */
function partialFolder(name) {
  return fs.mkdtempSync(path.join(treesFolder(), `.partial-${name}-`));
}

/** @param {string} folder */
function remover(folder) {
  return () => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** What a run that was killed left behind; nobody else is at work while we hold the lock. */
function removeLeftovers() {
  for (const entry of fs.readdirSync(treesFolder())) {
    if (entry.startsWith('.partial-')) remover(path.join(treesFolder(), entry))();
  }
}

/** @param {string} name */
function checkSpace(name) {
  const { bavail, bsize } = fs.statfsSync(treesFolder());
  if (bavail * bsize >= neededBytes) return;
  const free = (bavail * bsize) / 1e9;
  throw new Trouble(
    `${name} needs ${neededBytes / 1e9} GB in ${treesFolder()}: ${free.toFixed(1)} GB are free`,
    'make room, or set DACHS_TREES to a folder on a larger disk',
  );
}

/**
 * @param {string} file
 * @returns {Promise<string>}
 */
async function hash(file) {
  const sum = createHash('sha256');
  for await (const chunk of fs.createReadStream(file)) sum.update(chunk);
  return sum.digest('hex');
}

/** @param {string} line */
function say(line) {
  process.stderr.write(`${line}\n`);
}
