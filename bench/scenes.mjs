// Scenes of kernel functions, closed and searched: CPU time as a ratio to one run of the same
// functions on real caches, and what is left of the nodes of their threads. `node bench/scenes.mjs`
// after `npm run build`; with --record the figures are written to scenes.json.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { search } from '../dist/explore/index.js';
import { machineById } from '../dist/hw/index.js';
import * as kernel from '../dist/kernel/index.js';
import { cacheModelOf, closeScene, sceneEnds } from '../dist/scenario/index.js';
import { defaultSetup, parseLine, physicalOf, User } from '../dist/user/index.js';

const DEVICE = '/dev/role/fsdax0';
const RUNS = 5;

/** @typedef {import('../dist/kernel/index.js').Op<unknown>} Op */
/** @typedef {{ user: User, paddr: number, ops: Record<string, () => Op> }} Bed */

/** @type {readonly [string, string, string, readonly string[]][]} */
const scenes = [
  ['ext4', 'dax=always', 'no hole', ['write', 'store']],
  ['ext4', 'dax=always', 'hole', ['write', 'load']],
  ['ext4', 'dax=always', 'no hole', ['truncate', 'store']],
  ['ext4', 'none', 'no hole', ['truncate', 'store']],
  ['ext4', 'none', 'no hole', ['write', 'store', 'fsync']],
];

/** @type {Record<string, Record<string, number>>} */
const figures = {};
for (const [fs, options, hole, names] of scenes) {
  const title = `${fs} ${options}, ${hole}: ${names.join(', ')}`;
  const concrete = least(() => concretely(bed(fs, options, hole), names));
  const measured = Array.from({ length: RUNS }, () => closed(bed(fs, options, hole), names));
  const best = measured.reduce((a, b) => (b.cpuMs < a.cpuMs ? b : a));
  const { cpuMs, ...rest } = best;
  figures[title] = {
    ...rest,
    cpuMs: Math.round(cpuMs),
    timesConcrete: Math.round(cpuMs / concrete),
  };
  console.log(title, JSON.stringify(figures[title]));
}
if (process.argv.includes('--record')) {
  const file = path.resolve(import.meta.dirname, 'scenes.json');
  writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
}

/**
 * A mounted file of two pages on a VIVT cache, mapped.
 * @param {string} fs
 * @param {string} options
 * @param {string} hole
 * @returns {Bed}
 */
function bed(fs, options, hole) {
  const machine = machineById('arm926ej-s');
  const setup = defaultSetup({ machine, release: '6.12', gate: 'open', fsDax: true });
  if (!setup.ok) throw new Error('no setup');
  const user = new User(setup.value);
  const lines = [
    `mkfs ${fs} ${DEVICE} mkfs.${fs} -q -F -b 4096 ${DEVICE}`,
    `mount ${fs} ${DEVICE} /m ${options}`,
    'open f /m/f creat,rdwr',
    'pwrite f 0 8k A',
    'mmap m f 0 8k rw shared',
    'load m 0 1',
  ];
  for (const line of lines) perform(user, line);
  const [file, mapping] = [user.files.get('f'), user.mappings.get('m')];
  if (!file || !mapping) throw new Error('no file');
  const { address } = mapping;
  const paddr = physicalOf(user, address) ?? 0;
  if (hole === 'hole') for (const size of ['0', '8k']) perform(user, `ftruncate f ${size}`);
  for (const cpu of user.linux.machine.cpus) cpu.flushAll();
  const { task, linux } = user;
  const byte = (/** @type {number} */ one) => new Uint8Array([one]);
  const ops = {
    write: () => kernel.vfs_pwrite(task, file, { offset: 0 }, kernel.iovBytes(linux, byte(1))),
    store: () => kernel.user_store(task, address, byte(2)),
    load: () => kernel.user_load(task, address, 1),
    fsync: () => kernel.vfs_fsync(task, file, false),
    truncate: () => kernel.sys_ftruncate(task, file, 0),
  };
  return { user, paddr, ops };
}

/**
 * @param {User} user
 * @param {string} line
 */
function perform(user, line) {
  const typed = parseLine(line);
  if (!typed.ok || !typed.value) throw new Error(line);
  user.perform(typed.value.op, typed.value.args);
}

/**
 * @param {Bed} one
 * @param {readonly string[]} names
 */
function concretely({ user, ops }, names) {
  return cpuMsOf(() => {
    for (const name of names) user.run(opNamed(ops, name)());
  });
}

/**
 * @param {Bed} one
 * @param {readonly string[]} names
 */
function closed({ user, paddr, ops }, names) {
  const { linux } = user;
  const { machine } = linux.machine;
  const lineBytes = machine.dcache?.lineBytes ?? 32;
  const memory = { model: cacheModelOf(machine), lineBytes, bytes: [paddr] };
  const threads = names.map((name, i) => ({ name: `P${i}`, run: opNamed(ops, name) }));
  /** @type {Record<string, number>} */
  let counts = {};
  const cpuMs = cpuMsOf(() => {
    const scene = closeScene({ linux, threads, roots: [user], memory, noFailures: true });
    if (scene.kind !== 'closed') throw new Error(scene.place);
    const ends = sceneEnds(scene, search).length;
    const nodes = scene.automata.threads.reduce((sum, thread) => sum + thread.nodes.length, 0);
    const places = scene.places.reduce((sum, own) => sum + own.length, 0);
    counts = { nodes, places, actions: scene.system.actions.length, ends };
  });
  return { cpuMs, ...counts };
}

/**
 * @param {Record<string, () => Op>} ops
 * @param {string} name
 */
function opNamed(ops, name) {
  const op = ops[name];
  if (!op) throw new Error(name);
  return op;
}

/** @param {() => void} act */
function cpuMsOf(act) {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** @param {() => number} measure */
function least(measure) {
  return Math.max(0.1, Math.min(...Array.from({ length: RUNS }, measure)));
}
