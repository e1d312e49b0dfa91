// The witness view, by keyboard alone: a link is opened, stepped through, copied and saved; what is
// copied is what the command line prints, byte for byte.

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveChromium } from '../../bench/chromium.mjs';
import { dachs } from '../dachs.ts';
import { axe, clipboard, picture, type Site, startSite, takesPictures } from './site.ts';

const TEST = '#2/witness?machine=arm1176-32k&test=CoWR+k+u+other';

describe.skipIf(!haveChromium())('the witness view', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(async () => site.close());

  const says = (page: Page) => page.getByTestId('says');
  const shown = async (fragment: string, look = {}): Promise<Page> => {
    const page = await site.open(fragment, look);
    await says(page).waitFor();
    return page;
  };

  test('is stepped through with keys, each step is said and in the link', async () => {
    const page = await shown(TEST);
    expect(await says(page).textContent()).toContain('Before the first step');
    await page.keyboard.press('ArrowRight');
    expect(await says(page).textContent()).toMatch(/^1\. /);
    expect(page.url()).toContain('step=1');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('End');
    const end = await says(page).textContent();
    expect(end).toBe('3. P0 loads through u: miss, takes the old 0');
    await expect
      .poll(() => page.getByTestId('announcements').textContent())
      .toBe('3. P0 loads through u: miss, takes the old 0');
    await page.keyboard.press('ArrowRight');
    expect(page.url()).toContain('step=3');
    await page.keyboard.press('Home');
    expect(page.url()).not.toContain('step=');
    await page.keyboard.press(' ');
    expect(page.url()).toContain('step=1');
  });

  test('plays by itself where motion is wanted, and pauses', async () => {
    const page = await shown(TEST, { motion: true });
    await page.keyboard.press(' ');
    await expect.poll(() => page.url(), { timeout: 5000 }).toContain('step=1');
    await page.keyboard.press(' ');
    const paused = page.url();
    await page.waitForTimeout(2200);
    expect(page.url()).toBe(paused);
  });

  test('a link that is opened shows the step that was shown', async () => {
    const page = await shown(`${TEST}&step=3`);
    expect(await says(page).textContent()).toBe('3. P0 loads through u: miss, takes the old 0');
    const drawing = page.getByRole('group', { name: 'Caches and memory, drawing' });
    expect(await drawing.textContent()).toContain('one line of memory, two copies');
    expect(await drawing.textContent()).toContain('set 128');
  });

  test.each([
    [TEST, ['explain', 'CoWR+k+u+other', '--machine', 'arm1176-32k']],
    ['#2/witness?machine=sh7750/4k&scenario=L4', ['explain', 'L4', '--machine', 'sh7750/4k']],
    [
      '#2/witness?machine=arm926ej-s&test=CoRR+u+write+u',
      ['explain', 'CoRR+u+write+u', '--machine', 'arm926ej-s'],
    ],
    [
      '#2/witness?machine=arm1176-32k&replay=P0.0,P0.1&test=CoWR+k+u+other',
      ['explain', 'CoWR+k+u+other', '--machine', 'arm1176-32k', '--replay', 'P0.0,P0.1'],
    ],
  ])('%s copies what the command line prints', async (fragment, args) => {
    const page = await shown(fragment);
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'Copied' }).waitFor({ timeout: 30_000 });
    expect(await clipboard(page)).toBe(dachs(args).stdout);
  });

  test('a test that cannot fail there says so, another machine shows a run', async () => {
    const page = await site.open('#2/witness?machine=skylake&test=CoWR+k+u+other');
    await page.getByRole('main').getByText('P0:r0=0 is Never').waitFor();
    await page.getByText('all addresses of a page find the same line').waitFor();
    await page.getByRole('heading', { name: 'Bits of the addresses' }).waitFor();
    const picker = page.getByLabel('Machine or kind of cache');
    await picker.focus();
    await picker.selectOption('vivt-set-back');
    await says(page).waitFor();
    expect(page.url()).toContain('machine=vivt-set-back');
  });

  test('a new run is announced, the arrow keys step from the picker that chose it', async () => {
    const page = await shown(TEST);
    const picker = page.getByLabel('Test or scenario');
    await picker.focus();
    await picker.selectOption('scenario:L1');
    const announced = page.getByTestId('announcements');
    await expect.poll(() => announced.textContent()).toMatch(/^L1 on .*: Sometimes, 3 steps$/);
    expect(page.url()).toContain('machine=arm1176-32k');
    await picker.press('ArrowRight');
    expect(page.url()).toContain('step=1');
    expect(page.url()).toContain('scenario=L1');
    await picker.press('ArrowLeft');
    expect(page.url()).not.toContain('step=');
  });

  test('a drawing says what is there, and where the value of a step goes', async () => {
    const page = await shown('#2/witness?machine=24kc-32k/4k&scenario=L1&step=3');
    const drawing = page.getByRole('group', { name: 'Caches and memory, drawing' });
    expect(await drawing.textContent()).toContain('read: 0 (old)');
    const label = await drawing.locator('svg').getAttribute('aria-label');
    expect(label).toBe(
      'set 0: x under K, dirty 1; set 128: x under U, clean old 0; memory: x old 0',
    );
  });

  test('what is wrong in a link is said', async () => {
    const page = await site.open('#2/witness?machine=z80');
    await page.getByText('no machine or kind of cache is called z80').waitFor();
    const other = await site.open('#2/witness?text=broken');
    await other.getByText('the text in the link is damaged').waitFor();
    const steps = await site.open(`${TEST}&replay=P0.9`);
    await steps.getByText('has no step P0.9').waitFor();
  });

  test('s saves a drawing that needs nothing else', async () => {
    const page = await shown(`${TEST}&step=3`);
    const saving = page.waitForEvent('download');
    await page.keyboard.press('s');
    const file = await saving;
    expect(file.suggestedFilename()).toBe('CoWR+k+u+other-arm1176-32k-3.svg');
    const text = readFileSync(await file.path(), 'utf8');
    expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<svg xmlns=/);
    expect(text).toContain('one line of memory, two copies');
    expect(text).not.toMatch(/var\(|light-dark|href=|<script/);
    const alone = await site.browser.newPage();
    await alone.setContent(text.replace(/^<\?xml.*\n/, ''));
    const stroke = `getComputedStyle(document.querySelector('.witness-join path')).stroke`;
    expect(await alone.evaluate(stroke)).toBe('rgb(122, 75, 0)');
  });

  test.each([false, true])('axe finds nothing serious, dark %s', async (dark) => {
    const page = await shown(`${TEST}&step=3`, { dark });
    expect(await axe(page)).toEqual([]);
    for (const button of await page.getByRole('button', { name: 'As a table' }).all()) {
      await button.click();
    }
    expect(await axe(page)).toEqual([]);
    await picture(page, dark ? 'witness-table-dark' : 'witness-table');
  });

  test('a phone scrolls drawings in their own boxes, the page does not', async () => {
    const page = await shown(`${TEST}&step=3`, { width: 390 });
    const wide = await page.evaluate('document.documentElement.scrollWidth');
    expect(wide).toBe(390);
    await picture(page, 'witness-phone');
  });

  test.runIf(takesPictures).each([false, true])(
    'pictures for the documents, dark %s',
    async (dark) => {
      const page = await shown(`${TEST}&step=3`, { dark });
      await picture(page, dark ? 'witness-dark' : 'witness');
    },
  );
});
