// `dachs serve`: what it serves and to whom, how it stops, and the page as one file.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveChromium } from '../../bench/chromium.mjs';
import { sitePolicy } from '../../scripts/lib/page-policy.mjs';
import { dachs, expectRefusal, launcher } from '../dachs.ts';
import { contextOf, openPage, startBrowser } from './site.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dachs-serve-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts the server; resolves to its first line, and to its status when it has ended. */
async function started() {
  const child = spawn(process.execPath, [launcher, 'serve', '--port', '0']);
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const url = await new Promise<string>((resolve) => {
    child.stdout.once('data', (chunk) => resolve(String(chunk).trim()));
  });
  return { child, ended, url };
}

/** Status, headers and body of one request, whatever the Host that it names. */
async function get(url: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<{ status: number; headers: http.IncomingHttpHeaders; body: string }>(
    (resolve, reject) => {
      const request = http.request(url, { headers, method }, (response) => {
        let body = '';
        response.on('data', (chunk) => {
          body += String(chunk);
        });
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      });
      request.on('error', reject);
      request.end();
    },
  );
}

test('its own files, to this machine, under the policy; Ctrl-C ends it', async () => {
  const { child, ended, url } = await started();
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const page = await get(url);
  expect(page.status).toBe(200);
  const policy = String(page.headers['content-security-policy']);
  // The header says what the page's own policy says, and who may embed it.
  const said = policy.split('; ').filter((one) => !one.startsWith('frame-ancestors'));
  expect(said.sort()).toEqual(sitePolicy.split('; ').sort());
  expect(policy).not.toContain('unsafe-eval;');
  expect(policy.replace("'wasm-unsafe-eval'", '')).not.toContain('unsafe');
  const script = /src="\.\/(assets\/[^"]+\.js)"/.exec(page.body)?.[1] ?? '';
  expect((await get(url + script)).headers['content-type']).toContain('javascript');
  expect((await get(`${url}../package.json`)).status).toBe(404);
  expect((await get(`${url}%2e%2e/package.json`)).status).toBe(404);
  expect((await get(`${url}..%2f..%2fpackage.json`)).status).toBe(404);
  expect((await get(url, { Host: 'evil.example' })).status).toBe(403);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

test('a port that is taken, no port, and a place that cannot be written are refused', async () => {
  const { child, ended, url } = await started();
  const port = new URL(url).port;
  expectRefusal(dachs(['serve', '--port', port]), 'cannot listen');
  child.kill('SIGTERM');
  await ended;
  expectRefusal(dachs(['serve', '--port', '65536']), '--port takes a number');
  expectRefusal(dachs(['serve', '--port', '']), '--port takes a number');
  expectRefusal(dachs(['serve', '-o', path.join(folder, 'no/such/folder.html')]), 'cannot write');
});

describe.skipIf(!haveChromium())('the page as one file', () => {
  test('opens from disk, asks for nothing, and the engine runs in it', async () => {
    const file = path.join(folder, 'dachs.html');
    expect(dachs(['serve', '-o', file])).toEqual({ status: 0, stdout: '', stderr: '' });
    expect(readFileSync(file, 'utf8')).not.toMatch(/<(?:script|link)[^>]*(?:src|href)="(?!data:)/);
    const browser = await startBrowser();
    const wrongs: string[] = [];
    const url = `file://${file}`;
    const context = await contextOf(browser, url, {});
    const page = await openPage(context, { url, fragment: '#2/matrix', wrongs });
    await page.getByRole('button', { name: 'Copy as text' }).waitFor();
    await browser.close();
    expect(wrongs).toEqual([]);
  });
});
