// The replay view: by keyboard to a step that differs, the command line's bytes, links, a file of
// one's own.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveChromium } from '../../bench/chromium.mjs';
import { dachs } from '../dachs.ts';
import { axe, clipboard, picture, type Site, startSite } from './site.ts';

const folder = path.resolve(import.meta.dirname, '../../data/kernel-truth');
const recording = path.join(folder, 'x86_64-6.12.jsonl');
const ID = 'coh/ext4/e820/dax=always/write-load-store-read';
const ALIASING = `#2/replay?gate=open&id=${ID}&machine=sh7750/4k&recording=x86_64-6.12`;
const BED = ['--machine', 'sh7750/4k', '--gate', 'open'];

/** The heading of the step that is shown. */
async function stepShown(page: Page): Promise<string> {
  return page.locator('#replay-step').innerText();
}

async function ready(page: Page): Promise<void> {
  await page.locator('#replay-step').waitFor();
}

describe.skipIf(!haveChromium())('the replay view', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(async () => site.close());

  test('by keyboard alone: search, machine, gate, the next difference', async () => {
    const page = await site.open('#2/replay');
    await page.getByRole('button', { name: 'Run 464 scenarios' }).waitFor();
    await page.keyboard.press('/');
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('replay-search');
    await page.keyboard.type('coh/ext4/e820/dax=always/write-load');
    await page.getByText('2 scenarios').waitFor();
    await page.keyboard.press('Enter');
    await ready(page);
    expect(page.url()).toContain(`id=${ID.replace('=', '%3D')}`);
    expect(await page.getByTestId('replay-verdict').innerText()).toBe('= agrees');
    await tabTo(page, page.getByRole('combobox', { name: 'Machine' }));
    await page.keyboard.type('sh7750/4k');
    await tabTo(page, page.getByRole('combobox', { name: 'Gate' }));
    await page.keyboard.type('open');
    const verdict = page.getByTestId('replay-verdict');
    await expect.poll(() => verdict.innerText()).toContain('2 of 14 steps differ');
    await tabTo(page, page.getByRole('checkbox'));
    await page.keyboard.press('n');
    await expect.poll(() => stepShown(page)).toMatch(/^Step 10 of 14.*differs$/);
    const said = page.getByTestId('announcements');
    await expect.poll(() => said.textContent()).toMatch(/^Step 10 of 14: load .*: differs$/);
    await page.keyboard.press('n');
    await expect.poll(() => stepShown(page)).toContain('Step 12');
    await page.keyboard.press('k');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => stepShown(page)).toContain('Step 10');
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('p');
    await expect.poll(() => stepShown(page)).toContain('Step 10');
    await page.keyboard.press('End');
    await expect.poll(() => stepShown(page)).toContain('Step 14');
    await page.keyboard.press('Home');
    await expect.poll(() => stepShown(page)).toContain('Step 1 ');
    expect(page.url()).not.toContain('step=');
  });

  test('the examples open at what they promise, and the list folds', async () => {
    const page = await site.open('#2/replay');
    await page.getByRole('button', { name: 'Run 464 scenarios' }).waitFor();
    await page.getByRole('link', { name: /^Two dirty copies/ }).click();
    await expect.poll(() => stepShown(page)).toMatch(/^Step 12 of 14.*differs$/);
    expect(await page.locator('.replay-why').innerText()).toContain('Both copies are dirty');
    const list = page.locator('.replay-browser');
    await expect.poll(() => list.getAttribute('open')).toBeNull();
    await page.goBack();
    await page.getByRole('link', { name: /^The same on an ARM926/ }).click();
    await expect.poll(() => stepShown(page)).toMatch(/^Step 10 of 14.*differs$/);
    await expect.poll(() => list.getAttribute('open')).toBeNull();
  });

  test('a step that differs: both answers, why, and both copies of the line', async () => {
    const page = await site.open(`${ALIASING}&step=12`);
    await ready(page);
    const row = page.getByRole('row', { name: /^data / });
    expect(await row.innerText()).toMatch(
      /B\*1024,C\*2048,A\*1024\s+B\*4096|B\*1024,C\*2048,A\*1024\s+B\*2048,A\*2048/,
    );
    expect(await row.innerText()).toContain('\u2260 differs');
    const why = await page.locator('.replay-why').innerText();
    expect(why).toContain('set 32, way 0, dirty');
    expect(why).toContain('Both copies are dirty');
    expect(await page.locator('.replay-line .copy').count()).toBe(2);
    expect(await page.locator('.replay-line .join.copies.differs').count()).toBe(1);
    await page.getByRole('button', { name: 'As a table' }).click();
    const copies = page.getByRole('group', { name: /table$/ }).getByRole('row');
    expect(await copies.count()).toBe(4);
  });

  test('copied text is what the command line prints', async () => {
    const page = await site.open(ALIASING);
    await ready(page);
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const printed = dachs(['replay', recording, '--only', `^${ID}$`, ...BED]);
    expect(printed.stdout).toContain('cached via');
    expect(await clipboard(page)).toBe(printed.stdout);
    const command = await page.locator('.replay-stage .replay-command code').innerText();
    expect(command).toBe(
      `dachs replay data/kernel-truth/x86_64-6.12.jsonl --only '^${ID}$' ` +
        '--machine sh7750/4k --gate open',
    );
  });

  test('a run of all that are chosen: sums, those that differ, the same bytes', async () => {
    const only = '^coh/.*write-load-store-read$';
    const page = await site.open(`${ALIASING}&only=${encodeURIComponent(only)}`);
    await ready(page);
    await page.keyboard.press('r');
    const totals = page.getByTestId('replay-totals');
    await totals.waitFor();
    const printed = dachs(['replay', recording, '--only', only, ...BED]);
    expect(printed.stdout.trimEnd().split('\n').at(-1)).toBe(await totals.innerText());
    await page.keyboard.press('C');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await clipboard(page)).toBe(printed.stdout);
    const first = page.locator('.replay-differing a').first();
    const name = await first.innerText();
    await first.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.replay-id').innerText()).toBe(name);
    await expect.poll(() => stepShown(page)).toContain('differs');
  });

  test('recordings are loaded by this view alone', async () => {
    const page = await site.open('#2/matrix');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.reload({ waitUntil: 'networkidle' });
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.filter((url) => url.includes('x86_64'))).toEqual([]);
    await page.getByRole('link', { name: 'Replay' }).click();
    await page.getByRole('button', { name: 'Run 464 scenarios' }).waitFor();
    expect(asked.filter((url) => url.includes('x86_64')).length).toBe(2);
  });

  test('Stop ends a run at once', async () => {
    const page = await site.open(ALIASING);
    await ready(page);
    await page.keyboard.press('r');
    await page.getByRole('progressbar').waitFor();
    await page.getByText(/^[1-9]\d* of 464: /).waitFor();
    await page.keyboard.press('s');
    await page.getByText('Stopped').first().waitFor();
    expect(await page.getByRole('progressbar').count()).toBe(0);
  });

  test('a link that is opened shows what was shown', async () => {
    const page = await site.open(ALIASING);
    await ready(page);
    await page.keyboard.press('n');
    await expect.poll(() => page.url()).toContain('step=10');
    const again = await site.open(new URL(page.url()).hash);
    await ready(again);
    expect(await again.locator('main').innerText()).toBe(await page.locator('main').innerText());
    const nobody = await site.open('#2/replay?id=nobody');
    expect(await nobody.getByRole('alert').innerText()).toContain("no scenario 'nobody'");
    const abacus = await site.open(`#2/replay?id=${ID}&machine=abacus`);
    expect(await abacus.getByRole('alert').innerText()).toContain("no machine 'abacus'");
  });

  test('a recording of one own is read here; a bad line is told with its place', async () => {
    const page = await site.open('#2/replay?machine=sh7750/4k&gate=open');
    const lines = readFileSync(recording, 'utf8').split('\n');
    const line = lines.find((one) => one.includes(`"${ID}"`)) ?? '';
    const input = page.getByLabel('A recording of your own');
    await input.setInputFiles({
      name: 'bad.jsonl',
      mimeType: 'application/jsonl',
      buffer: Buffer.from(`${line}\n{"id":"b`),
    });
    const told = await page.getByRole('alert').innerText();
    expect(told).toContain('bad.jsonl:2');
    expect(told).toContain('the line is no JSON');
    expect(told).toContain('a recording has one JSON object a line');
    await drop(page, 'mine.jsonl', line);
    await ready(page);
    expect(page.url()).toContain('recording=own:mine.jsonl');
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.keyboard.press('n');
    await expect.poll(() => stepShown(page)).toContain('Step 10');
    await page.keyboard.press('r');
    const totals = page.getByTestId('replay-totals');
    await totals.waitFor();
    expect(await totals.innerText()).toBe('agree 0 of 1 scenarios, 12 of 14 steps');
    const other = await site.open(new URL(page.url()).hash);
    expect(await other.getByRole('alert').innerText()).toContain('mine.jsonl');
  });

  test.each([false, true])('axe finds nothing serious, dark %s', async (dark) => {
    const page = await site.open(`${ALIASING}&step=12`, { dark });
    await ready(page);
    expect(await axe(page)).toEqual([]);
    if (!dark) await picture(page, 'replay');
    await page.getByText('Choose a scenario').click();
    await page.getByText('x86_64-6.12').first().waitFor();
    expect(await axe(page)).toEqual([]);
    const start = await site.open('#2/replay', { dark });
    await start.getByRole('button', { name: 'Run 464 scenarios' }).waitFor();
    expect(await axe(start)).toEqual([]);
  });

  test('a phone does not scroll sideways', async () => {
    const page = await site.open(`${ALIASING}&step=12`, { width: 390 });
    await ready(page);
    const width = 'document.documentElement.scrollWidth';
    expect(await page.evaluate(width)).toBeLessThanOrEqual(390);
    await page.getByText('Choose a scenario').click();
    expect(await page.evaluate(width)).toBeLessThanOrEqual(390);
  });
});

/** Presses Tab until an element is in focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press('Tab');
    if ((await wanted.and(page.locator(':focus')).count()) === 1) return;
  }
  throw new Error('Tab does not lead there');
}

/** Drops a file on the page, as a reader's hand does. */
async function drop(page: Page, name: string, text: string): Promise<void> {
  const event = `(() => {
    const data = new DataTransfer();
    data.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}));
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  })()`;
  await page.evaluate(event);
}
