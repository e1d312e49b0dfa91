// The same engine, the same modules of dist/, in a worker of a page in Chromium. The page comes
// from a server on the loopback that lives as long as the search, under the policy that our page
// has: scripts of its own and WebAssembly, and isolated so that workers can share memory.

import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { has } from '../scripts/lib/run.mjs';

const root = path.resolve(import.meta.dirname, '..');

const headers = {
  'Content-Security-Policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** The page's own files; everything else comes from dist/ and bench/. */
const pages = new Map([
  ['/', '<!doctype html><title>search</title><script type="module" src="/page.js"></script>'],
  ['/page.js', pageScript()],
  ['/searcher.js', searcherScript()],
  ['/helper.js', helperScript()],
]);

/**
 * What a search in Chromium gave: the result as JSON, and its wall time without the page's start.
 * @typedef {{ record: string, seconds: number }} InChromium
 */

/** Whether the distribution's Chromium is installed. */
export function haveChromium() {
  return has('chromium');
}

/**
 * Searches a row of rows.mjs in a worker, `helpers` other workers taking part.
 * @param {string} row
 * @param {number} helpers
 * @returns {Promise<InChromium>}
 */
export async function searchInChromium(row, helpers) {
  const server = http.createServer((request, response) => void answer(request, response));
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  try {
    const port = await listen(server);
    const page = await browser.newPage();
    /** @type {string[]} */
    const errors = [];
    page.on('pageerror', (error) => errors.push(error.message));
    const fragment = encodeURIComponent(JSON.stringify({ row, helpers }));
    await page.goto(`http://localhost:${port}/#${fragment}`);
    await page.waitForFunction(() => 'searched' in globalThis, undefined, { timeout: 100_000 });
    /** @type {unknown} */
    const found = JSON.parse(
      await page.evaluate(() => JSON.stringify(Reflect.get(globalThis, 'searched'))),
    );
    if (!isResult(found)) throw new Error(`in Chromium: ${JSON.stringify(found)} ${errors.join()}`);
    return found;
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

/**
 * @param {http.IncomingMessage} request
 * @param {http.ServerResponse} response
 */
async function answer(request, response) {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const own = pages.get(pathname);
  const type = pathname === '/' ? 'text/html' : 'text/javascript';
  const allowed = /^\/(?:dist\/[\w/-]+\.js|bench\/\w+\.mjs)$/.test(pathname);
  try {
    if (own === undefined && !allowed) throw new Error('not served');
    const text = own ?? (await readFile(path.join(root, pathname)));
    response.writeHead(200, { ...headers, 'Content-Type': type });
    response.end(text);
  } catch {
    response.writeHead(404, headers);
    response.end();
  }
}

/**
 * @param {http.Server} server
 * @returns {Promise<number>} the port that was free
 */
function listen(server) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, 'localhost', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new Error('the server has no port'));
    });
  });
}

/**
 * @param {unknown} value
 * @returns {value is InChromium}
 */
function isResult(value) {
  return typeof value === 'object' && value !== null && 'record' in value && 'seconds' in value;
}

/** Starts the workers, the helpers first, and keeps what the searcher answers. */
function pageScript() {
  return `
const { row, helpers } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const ports = [];
for (let i = 0; i < helpers; i++) {
  const helper = new Worker('/helper.js', { type: 'module' });
  const channel = new MessageChannel();
  await new Promise((ready) => { helper.onmessage = ready; });
  helper.postMessage(channel.port1, [channel.port1]);
  ports.push(channel.port2);
}
const searcher = new Worker('/searcher.js', { type: 'module' });
searcher.onmessage = ({ data }) => { globalThis.searched = data; };
searcher.onerror = ({ message }) => { globalThis.searched = message; };
searcher.postMessage({ row, ports }, ports);
`;
}

/** Searches once, with a crew of the helpers at the other ends of the ports. */
function searcherScript() {
  return `
import { exploreWasm } from '/dist/explore/index.js';
import { rowNamed } from '/bench/rows.mjs';
self.onmessage = ({ data: { row, ports } }) => {
  const { system, question } = rowNamed(row);
  const crew = {
    count: ports.length,
    start: (job) => { for (const port of ports) port.postMessage(job); },
  };
  const bounds = { states: 2 ** 30, depth: 2 ** 30 };
  const started = performance.now();
  const found = exploreWasm(system, question, ports.length > 0 ? { bounds, crew } : { bounds });
  const seconds = (performance.now() - started) / 1000;
  self.postMessage({ record: JSON.stringify(found), seconds });
};
`;
}

/** Waits for a job on the port it is given, and serves. */
function helperScript() {
  return `
import { serve } from '/dist/explore/index.js';
self.onmessage = ({ data: port }) => { port.onmessage = ({ data: job }) => serve(job); };
self.postMessage('ready');
`;
}
