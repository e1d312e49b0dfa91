// The litmus view: by keyboard alone from the catalogue to a verdict, what is copied is what the
// command line prints, and a link shows what was shown.

import { spawnSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveChromium } from '../../bench/chromium.mjs';
import { dachs, launcher } from '../dachs.ts';
import { axe, clipboard, picture, type Site, startSite } from './site.ts';

const editorOf = (page: Page) => page.getByRole('textbox', { name: 'Litmus test' });

/** The text in the editor; short enough to be drawn as a whole. */
const textOf = async (page: Page): Promise<string> =>
  (await editorOf(page).locator('.cm-line').allTextContents()).join('\n');

/** Waits for verdicts. */
const verdictOf = async (page: Page): Promise<string> => {
  await page.getByTestId('summary').waitFor({ timeout: 60_000 });
  return (await page.getByTestId('summary').textContent()) ?? '';
};

async function copied(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Copy as text' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  return clipboard(page);
}

describe.skipIf(!haveChromium())('the litmus view', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(async () => site.close());

  test('by keyboard alone: find, open, break, mend, run, copy, reopen', async () => {
    const page = await site.open('');
    await page.keyboard.press('2');
    await editorOf(page).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('cowr same');
    await page.getByRole('option', { name: /^CoWR\+k\+u\+same/ }).waitFor();
    const options = page.getByRole('option');
    await page.keyboard.press('ArrowDown');
    expect(await options.nth(1).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('ArrowUp');
    const name = await options.first().locator('code').textContent();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: name ?? '', exact: true }).waitFor();
    expect(page.url()).toContain(`#2/litmus?test=${name}`);

    // The focus is in the editor now: a letter that is too many, and what is said of it.
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('X');
    const mistakes = page.getByRole('list', { name: 'Mistakes' });
    await mistakes.waitFor();
    expect(await mistakes.textContent()).toContain('line 1, column 1');
    expect(await mistakes.textContent()).toContain("'DAX NAME'");
    await page.keyboard.press('Backspace');
    await mistakes.waitFor({ state: 'hidden' });

    await page.keyboard.press('Control+Enter');
    expect(await verdictOf(page)).toMatch(/Never on \d+.*as its Result says/);
    // Tab indents; Escape and then Tab leads out.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.shadowRoot')).toBeNull();
    await page.keyboard.press('c');
    await expect.poll(() => clipboard(page)).toBe(dachs(['run', name ?? '']).stdout);
    await page.keyboard.press('l');
    await expect.poll(() => clipboard(page)).toBe(page.url());
    const again = await site.open(new URL(page.url()).hash);
    expect(await verdictOf(again)).toBe(await verdictOf(page));
  });

  test.each([
    ['CoWR+k+u+other', '', []],
    [
      'MP+k+u+other',
      'machine=arm926ej-s&kernel=6.12',
      ['--machine', 'arm926ej-s', '--kernel', '6.12'],
    ],
    ['DAX+write+read', '', []],
    ['AT+pmem+fail+I3', '', []],
    ['CoRR+v+u+v', 'arch=sh&remedy=congruent', ['--arch', 'sh', '--remedy', 'congruent']],
    ['IRIW+k+u+v', 'machine=kinds&bound=10', ['--machine', 'kinds', '--bound', '10']],
  ])('%s: the same bytes as the command line', async (name, params, options) => {
    const page = await site.open(`#2/litmus?test=${name}&run=1&${params}`);
    await verdictOf(page);
    expect(await copied(page)).toBe(dachs(['run', name, ...options]).stdout);
    const line = ['$ dachs run', name, ...options].join(' ');
    expect(await page.locator('.litmus-command code').textContent()).toBe(line);
  });

  test("a text of one's own: in the link, kept by a reload, the bytes of dachs run -", async () => {
    const page = await site.open('#2/litmus?machine=sh7750/4k');
    await editorOf(page).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type(' /\\ x=1)');
    await expect.poll(() => page.url()).toMatch(/text=[\w-]+$/);
    expect(page.url()).toContain('machine=sh7750/4k');
    const text = `${await textOf(page)}`;
    expect(text).toContain('exists (0:r0=0 /\\ x=1)');
    await page.reload();
    await editorOf(page).waitFor();
    expect(await textOf(page)).toBe(text);
    expect(await page.getByTestId('summary').count()).toBe(0);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await verdictOf(page);
    const printed = spawnSync(launcher, ['run', '-', '--machine', 'sh7750/4k'], {
      input: text,
      encoding: 'utf8',
    });
    expect(await copied(page)).toBe(printed.stdout);
    expect(await page.locator('.litmus-command code').textContent()).toBe(
      '$ dachs run - --machine sh7750/4k < CoWR+k+u+other.litmus',
    );
    await page.getByRole('button', { name: /Revert/ }).click();
    await expect.poll(() => page.url()).toContain('test=CoWR+k+u+other');
    expect(await page.getByText('before the last change').count()).toBe(1);
  });

  test('a link of form 1 with a plain text opens it', async () => {
    const text = 'DAX plain\n\n{\n\tint a = 0;\n}\n\nP0(int *a)\n{\n\t*a = 1;\n}\n\nexists (a=1)\n';
    const page = await site.open(`#view=run&cpu=cortex-a15&source=${encodeURIComponent(text)}`);
    await page.getByRole('heading', { name: 'plain', exact: true }).waitFor();
    expect(await textOf(page)).toBe(text);
    await page.keyboard.press('r');
    expect(await verdictOf(page)).toContain('Always on 1');
  });

  test('the editor completes, explains, and leads to a mistake', async () => {
    const page = await site.open('#2/litmus');
    await editorOf(page).click();
    await page.keyboard.press('Control+End');
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('End');
    await page.keyboard.type('\nflush_dc');
    const first = page.getByRole('option', { name: /flush_dcache_line\(p\)/ });
    await first.waitFor();
    // The list takes keys a little after it is shown, so that nobody picks by mistake.
    await page.waitForTimeout(150);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect(await textOf(page)).toMatch(/flush_dcache_\w+\(/);
    const place = page.getByRole('list', { name: 'Mistakes' }).getByRole('button').first();
    await place.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement.shadowRoot !== null')).toBe(true);
    await page.keyboard.press('Control+Enter');
    await page.getByTestId('summary').getByText('not run').waitFor();
    // Mistakes that stand under the text are not listed again.
    await page.locator('.litmus-result').getByText('stand under the text').waitFor();
    expect(await page.locator('.problems').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'verdicts by machine' }).count()).toBe(0);
  });

  test('a test is opened at its code, not at what is told of it', async () => {
    const page = await site.open('#2/litmus?test=CoRR+read+v+u+read');
    await editorOf(page).waitFor();
    const editor = "document.querySelector('.litmus-editor').shadowRoot";
    const top = `${editor}.querySelector('.cm-scroller').scrollTop`;
    await expect.poll(() => page.evaluate(top)).toBeGreaterThan(100);
    expect(await page.evaluate('scrollY')).toBe(0);
  });

  test('rows lead to witnesses; what was not chosen well is told', async () => {
    const page = await site.open('#2/litmus?test=CoWR+k+u+other&run=1');
    await verdictOf(page);
    const first = page.getByTestId('summary').getByRole('link', { name: /^Witness on / });
    expect(await first.getAttribute('href')).toMatch(/^#2\/witness\?machine=.*CoWR/);
    const link = page.getByRole('table').getByRole('link', { name: /^Witness on arm1020/ });
    expect(await link.getAttribute('href')).toBe('#2/witness?machine=arm1020&test=CoWR+k+u+other');
    await link.click();
    await expect.poll(() => page.title()).toBe('Witness - Dachs');
    const wrong = await site.open('#2/litmus?machine=vax&run=1');
    await wrong.getByRole('alert').getByText('there is no machine vax').waitFor();
    const silent = await site.open('#2/litmus?machine=arm1020&kernel=6.1&run=1');
    await silent.getByText('The test asks no kernel').waitFor();
    const unknown = await site.open('#2/litmus?test=Nonsense');
    expect(await unknown.getByRole('alert').textContent()).toContain("'Nonsense'");
    const damaged = await site.open('#2/litmus?text=abc');
    expect(await damaged.getByRole('alert').textContent()).toContain('damaged');
  });

  test.each([false, true])(
    'axe finds nothing, and the pictures are taken, dark %s',
    async (dark) => {
      const suffix = dark ? '-dark' : '';
      const page = await site.open('#2/litmus?test=CoWR+k+u+other&run=1', { dark });
      await verdictOf(page);
      expect(await axe(page)).toEqual([]);
      await picture(page, `litmus${suffix}`);
      await editorOf(page).click();
      await page.keyboard.press('Control+End');
      for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowUp');
      await page.keyboard.press('End');
      await page.keyboard.type('\nclean_dcache(k);');
      await page.keyboard.press('Escape');
      await page.getByRole('list', { name: 'Mistakes' }).waitFor();
      expect(await axe(page)).toEqual([]);
      await page.keyboard.press('Home');
      await page.keyboard.type('fl');
      await page.locator('.cm-tooltip-autocomplete').waitFor();
      expect(await axe(page)).toEqual([]);
      await picture(page, `litmus-error${suffix}`);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
      await page.keyboard.press('Tab');
      await page.keyboard.press('/');
      await page.keyboard.type('wilcox');
      await page.getByRole('option').first().waitFor();
      expect(await axe(page)).toEqual([]);
    },
  );

  test('at the width of a phone nothing scrolls sideways', async () => {
    const page = await site.open('#2/litmus?test=CoWR+k+u+other&run=1', { width: 390 });
    await verdictOf(page);
    const wide = 'document.documentElement.scrollWidth';
    expect(await page.evaluate(wide)).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'Catalogue' }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('wilcox');
    await page.getByRole('option').first().waitFor();
    expect(await page.evaluate(wide)).toBeLessThanOrEqual(390);
    expect(await axe(page)).toEqual([]);
  });
});
