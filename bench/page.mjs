// The page in Chromium: how soon its first view can be used and how much is sent for it, and how
// fast it explores beside the command line, in one run. Needs Chromium and `npm run build`. With
// --record the figures go to page.json.

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { formatted } from '../scripts/lib/format.mjs';
import { timed } from './timed.mjs';

const root = path.resolve(import.meta.dirname, '..');
const launcher = path.join(root, 'bin/dachs.js');
const runs = 5;

const server = spawn(process.execPath, [launcher, 'serve', '--port', '0']);
/** @type {string} */
const url = await new Promise((resolve) => {
  server.stdout.once('data', (line) => resolve(String(line).trim()));
});
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const first = await firstView();
  const search = await searches();
  const version = browser.version();
  const machine = `${os.cpus().length} x ${os.cpus()[0]?.model}, Node ${process.version}`;
  const figures = { machine, chromium: version, firstView: first, search };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  if (process.argv.includes('--record')) {
    const file = path.join(root, 'bench/page.json');
    writeFileSync(file, formatted(JSON.stringify(figures, null, 2), 'bench/page.json'));
  }
} finally {
  await browser.close();
  server.kill();
}

/** Milliseconds from the request to a table that can be used, and bytes until then. */
async function firstView() {
  const times = [];
  let bytes = 0;
  let gzipped = 0;
  for (let i = 0; i < runs; i++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    /** @type {Promise<Buffer>[]} */
    const bodies = [];
    page.on('response', (response) => {
      if (response.ok()) bodies.push(response.body());
    });
    const started = performance.now();
    await page.goto(url, { waitUntil: 'commit' });
    await page.getByRole('button', { name: 'Copy as text' }).first().waitFor();
    times.push(performance.now() - started);
    const all = await Promise.all(bodies);
    bytes = all.reduce((sum, body) => sum + body.length, 0);
    gzipped = all.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);
    await context.close();
  }
  return { milliseconds: Math.round(median(times)), bytes, gzipped };
}

/** One search of some ten million states, by the page and by the command line in turn. */
async function searches() {
  const text = readFileSync(path.join(root, 'bench/loops.litmus'), 'utf8');
  const machine = '24kc-32k/4k';
  const context = await browser.newContext();
  const page = await context.newPage();
  const plain = encodeURIComponent(text);
  await page.goto(`${url}#2/litmus?machine=${machine}&bound=40000000&plain=${plain}`);
  await page.getByRole('option', { name: machine }).waitFor({ state: 'attached' });
  const inPage = [];
  const inNode = [];
  let states = 0;
  for (let i = 0; i < 3; i++) {
    const started = performance.now();
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByTestId('progress').waitFor();
    await page.getByTestId('summary').waitFor({ timeout: 120_000 });
    inPage.push((performance.now() - started) / 1000);
    const cell = await page.locator('.litmus-verdicts .litmus-number').last().textContent();
    states = Number(cell?.replaceAll(/\D/g, ''));
    const options = `--machine ${machine} --bound 40000000 --quiet`;
    const line = `node '${launcher}' run bench/loops.litmus ${options}`;
    inNode.push(timed(root, line).wallSeconds);
  }
  const start = emptySeconds();
  const pageSeconds = median(inPage);
  const nodeSeconds = median(inNode) - start;
  return {
    states,
    pageSeconds: rounded(pageSeconds),
    nodeSeconds: rounded(nodeSeconds),
    pageStatesPerSecond: Math.round(states / pageSeconds),
    nodeStatesPerSecond: Math.round(states / nodeSeconds),
    pageOfNode: rounded(nodeSeconds / pageSeconds),
  };
}

/** Seconds that a command takes which searches nothing. */
function emptySeconds() {
  const started = performance.now();
  spawnSync(process.execPath, [launcher, 'list', 'kernels']);
  return (performance.now() - started) / 1000;
}

/** @param {readonly number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** @param {number} value */
function rounded(value) {
  return Number(value.toPrecision(3));
}
