// The page in Debian's Chromium: `dachs serve` as a user starts it, a browser, and what every test
// of a view needs. A page that is opened here must load nothing from elsewhere, must not break its
// own policy, and must throw nothing; close() asserts that.

import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { readFileSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { launcher } from '../dachs.ts';

/** How a page is opened. */
export interface Look {
  readonly dark?: boolean;
  /** Width in CSS pixels; 1280 by default, 390 is a phone. */
  readonly width?: number;
  /** The reader wants no motion; so by default, that nothing needs to be waited for. */
  readonly motion?: boolean;
}

/** The served page and a browser. */
export interface Site {
  readonly url: string;
  readonly browser: Browser;
  /** Opens the page at a fragment: `#2/matrix`. */
  readonly open: (fragment: string, look?: Look) => Promise<Page>;
  /** Ends all; fails where any page broke a rule. */
  readonly close: () => Promise<void>;
}

/** Starts the server on a free port, and the browser. */
export async function startSite(): Promise<Site> {
  const server = spawn(process.execPath, [launcher, 'serve', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await firstLine(server.stdout);
  const browser = await startBrowser();
  const wrongs: string[] = [];
  // Pages of one look share what the browser keeps of the page: it starts sooner.
  const contexts = new Map<string, Promise<BrowserContext>>();
  return {
    url,
    browser,
    open: async (fragment, look = {}) => {
      const key = JSON.stringify(look);
      const context = contexts.get(key) ?? contextOf(browser, url, look);
      contexts.set(key, context);
      const page = await openPage(await context, { url, fragment, wrongs });
      // What a page still computes must not slow down the next test.
      onTestFinished(async () => page.close());
      return page;
    },
    close: async () => {
      await browser.close();
      server.kill('SIGTERM');
      expect(wrongs).toEqual([]);
    },
  };
}

/** Debian's Chromium, without a window. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
}

/** Where a page is, and the list that its faults go to. */
export interface Opening {
  readonly url: string;
  readonly fragment: string;
  readonly wrongs: string[];
}

/** What all pages of one look share. */
export async function contextOf(
  browser: Browser,
  url: string,
  { dark = false, width = 1280, motion = false }: Look,
): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: motion ? 'no-preference' : 'reduce',
    ...(url.startsWith('http') ? { permissions: ['clipboard-read', 'clipboard-write'] } : {}),
  });
}

/** Opens one page and watches it. */
export async function openPage(
  context: BrowserContext,
  { url, fragment, wrongs }: Opening,
): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', (error) => wrongs.push(`${fragment}: threw ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') wrongs.push(`${fragment}: console ${message.text()}`);
  });
  page.on('request', (request) => {
    const isOwn = request.url().startsWith(url) || /^(?:blob|data):/.test(request.url());
    if (!isOwn) wrongs.push(`${fragment}: asked for ${request.url()}`);
  });
  await page.goto(`${url}${fragment}`);
  return page;
}

/** Goes to another fragment in the page that is open: nothing is loaded anew. */
export async function goTo(page: Page, fragment: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(fragment)}`);
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    if (text.includes('\n')) break;
  }
  return text.trim();
}

/** What was copied last. */
export async function clipboard(page: Page): Promise<string> {
  return page.evaluate('navigator.clipboard.readText()');
}

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** What axe finds serious or critical, one line each: rule, element, and what is wrong. */
export async function axe(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(`axe.run().then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((n) => id + ' ' + n.target + ': ' + n.failureSummary)))`);
}

/** Whether pictures are taken, which takes time: by `npm run pictures` alone. */
export const takesPictures = process.env['DACHS_PICTURES'] === '1';

/** Those that the documents show; the others are for the eyes of who changes the page. */
const published: ReadonlySet<string> = new Set([
  'matrix',
  'matrix-cell',
  'litmus',
  'witness',
  'audit-automaton',
  'replay',
]);

/** Takes a picture, where pictures are taken: for the documents, or below the temporary folder. */
export async function picture(page: Page | Locator, name: string): Promise<void> {
  if (!takesPictures) return;
  const pictures = published.has(name)
    ? path.resolve(import.meta.dirname, '../../docs/images')
    : path.join(os.tmpdir(), 'dachs-pictures');
  mkdirSync(pictures, { recursive: true });
  const shot = await page.screenshot({ path: path.join(pictures, `${name}.png`) });
  expect(shot.length).toBeGreaterThan(5000);
}
