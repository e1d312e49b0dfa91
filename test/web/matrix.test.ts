// The matrix view in Chromium: by keys alone, its links, and that what it copies is what the
// command line prints.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { haveChromium } from '../../bench/chromium.mjs';
import { dachs } from '../dachs.ts';
import { axe, clipboard, goTo, picture, type Site, startSite, takesPictures } from './site.ts';

describe.skipIf(!haveChromium())('the matrix', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(async () => site.close());

  /** Other tests run beside this one. */
  const SLOW = { timeout: 20_000 };
  const CELL = 'turbosparc/pmem/ext4/always';

  async function shown(page: Page): Promise<Page> {
    await page.getByRole('grid').waitFor();
    return page;
  }

  async function explained(page: Page): Promise<Page> {
    await shown(page);
    await page.getByRole('button', { name: 'Copy cell as text' }).waitFor();
    return page;
  }

  async function copied(page: Page, key: string): Promise<string> {
    await page.evaluate("navigator.clipboard.writeText('')");
    await page.keyboard.press(key);
    await expect.poll(() => clipboard(page), SLOW).not.toBe('');
    return clipboard(page);
  }

  test('by keys alone: from the page to the answers of a cell, and back', async () => {
    const page = await shown(await site.open(''));
    await page.keyboard.press('g');
    const focused = page.locator('.matrix-grid :focus');
    await expect.poll(() => focused.count()).toBe(1);
    expect(await page.locator('.matrix-grid [tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('Control+Home');
    // Down to sparc32, which opens; its first machine's first cell.
    while ((await focused.textContent())?.startsWith('sparc32') !== true) {
      await page.keyboard.press('ArrowDown');
    }
    expect(await focused.getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('Enter');
    await expect.poll(() => focused.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('region', { name: 'leon3-gr712rc/pmem/ext4/always@6.12' });
    await panel.waitFor();
    await explained(page);
    await expect.poll(() => page.locator('#matrix-cell:focus').count()).toBe(1);
    const answers = await panel.locator('.matrix-answers').textContent();
    expect(answers).toContain('Builtnodecides');
    expect(answers).toContain('Truenot coherent');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'hidden' });
    expect(await focused.textContent()).toContain('STALE*');
  });

  test('the first lines say what to do, and lead to two copies of one line', async () => {
    const page = await shown(await site.open(''));
    const top = page.locator('.matrix-top');
    expect(await top.textContent()).toContain('g, then Enter, opens a cell.');
    const chips = page.getByRole('group', { name: 'Verdicts and their counts' });
    expect(await chips.textContent()).toMatch(/\d+ not buildable \(\.\).*no such stack \(-\)/);
    await top.getByRole('link').click();
    await page
      .getByRole('heading', { name: /^CoWR\+k\+u\+other/ })
      .first()
      .waitFor();
    const cpus = await shown(await site.open('#2/matrix?by=cpu'));
    expect(await cpus.locator('.matrix-top').textContent()).toContain('under which kernel');
  });

  test('heads of columns open and close, and the arrows reach them', async () => {
    const page = await shown(await site.open(''));
    await page.keyboard.press('g');
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowUp');
    const head = page.getByRole('columnheader', { name: 'pmem', exact: true });
    expect(await head.getAttribute('aria-expanded')).toBe('true');
    await page.keyboard.press('Enter');
    await expect.poll(() => head.getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('End');
    expect(await page.locator('.matrix-grid :focus').textContent()).toBe('loop');
    await page.reload();
    await shown(page);
    expect(await head.getAttribute('aria-expanded')).toBe('false');
  });

  test('the slider and its keys move the kernel; changes are marked and announced', async () => {
    const page = await shown(await site.open(''));
    const slider = page.getByRole('slider');
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/^6\.12: Linux 6\.12/);
    await page.keyboard.press(']');
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toMatch(/^6\.13: /);
    expect(page.url()).toContain('kernel=6.13');
    await slider.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press(']');
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toMatch(/^4\.0: /);
    const arm = page.getByRole('row').filter({ hasText: /^arm 15 CPUs/ });
    await expect.poll(() => arm.locator('td').last().getAttribute('title'), SLOW).toBeTruthy();
    const caption = page.getByRole('grid').locator('caption');
    await expect.poll(() => caption.textContent(), SLOW).toMatch(/^Linux 4\.0.*: \d+ STALE/);
    await expect
      .poll(() => page.getByTestId('announcements').textContent(), SLOW)
      .toMatch(/^4\.0: \d+/);
    await expect
      .poll(() => page.locator('.matrix-changes').textContent())
      .toMatch(/^Against 3\.18/);
    const was = page.getByTitle(/was STALE under 3\.18/);
    await expect.poll(() => was.count(), SLOW).toBeGreaterThan(0);
  });

  test('filters leave what they say, and a link shows what its sender saw', async () => {
    const page = await shown(await site.open(''));
    await page.getByRole('combobox', { name: 'Driver' }).selectOption('pmem');
    await page.getByRole('button', { name: /STALE\*/ }).click();
    await page.keyboard.press('/');
    await page.keyboard.type('sparc');
    await expect.poll(() => page.url()).toContain('find=sparc');
    const body = page.getByRole('grid').locator('tbody');
    const text = await body.textContent();
    expect(text).toContain('sparc32');
    expect(text).not.toContain('m68k');
    const other = await shown(await site.open(new URL(page.url()).hash));
    expect(await other.getByRole('grid').locator('tbody').textContent()).toBe(text);
    await other.keyboard.press('x');
    await expect.poll(() => other.url()).not.toContain('find');
    await page.getByLabel('CPU contains').fill('no such CPU');
    await page.getByText('Nothing matches').waitFor();
  });

  test('names that nothing has are told', async () => {
    const page = await site.open('#2/matrix?arch=armm&kernel=9.9');
    const alert = page.getByRole('alert');
    await alert.waitFor();
    expect(await alert.textContent()).toContain('there is no kernel 9.9');
    expect(await alert.textContent()).toContain('there is no architecture armm');
    // What the command line refuses has no text to copy.
    await page.getByText('is refused by the command line').waitFor();
    expect(await page.getByRole('button', { name: 'Copy as text' }).count()).toBe(0);
    const cell = await site.open('#2/matrix?cell=nobody/pmem/ext4/always');
    await cell.getByText('There is no cell nobody').waitFor();
  });

  const fragments = [
    '#2/matrix',
    '#2/matrix?kernel=3.18',
    '#2/matrix?kernel=v3&arch=arm&driver=pmem',
    '#2/matrix?arch=arm,sh&verdict=STALE&kernel=4.0',
    '#2/matrix?driver=pmem,brd&fs=xfs&option=always&verdict=STALE*,on',
    '#2/matrix?machine=24kc-32k/4k&kernel=7.3',
    '#2/matrix?find=turbo&fs=ext4',
    '#2/matrix?driver=virtiofs&fs=xfs',
    '#2/matrix?by=cpu',
    '#2/matrix?by=cpu&arch=sparc32,sparc64',
  ];

  test('the texts are what the command line prints', async () => {
    const page = await shown(await site.open('#2/matrix?kernel=v6'));
    const code = page.locator('.matrix-command code');
    let before = await code.textContent();
    for (const fragment of fragments) {
      await goTo(page, fragment);
      await expect.poll(() => code.textContent(), SLOW).not.toBe(before);
      before = await code.textContent();
      const words = (before ?? '').replaceAll("'", '').split(' ').slice(1);
      expect(words.length).toBeGreaterThan(2);
      expect(await copied(page, 'c'), fragment).toBe(dachs(words).stdout);
    }
  });

  const cells = [
    ['arm926ej-s/pmem/ext4/always', '6.12'],
    ['24kc-32k/4k/dm-stripe/xfs/inode+x', '6.1'],
    ['skylake/device-dax/char/align-2m', '7.3'],
    ['arm1020/brd/ext2/dax', '3.18'],
    ['turbosparc', '6.12'],
    ['cortex-a15', '4.0'],
  ] as const;

  test('the texts of cells are what the command line prints', async () => {
    const page = await shown(await site.open('#2/matrix'));
    for (const [cell, kernel] of cells) {
      const by = cell.split('/').length > 3 ? '' : 'by=cpu&';
      await goTo(page, `#2/matrix?${by}cell=${cell}&kernel=${kernel}`);
      const name = `${cell}@${kernel}`;
      await page.getByRole('region', { name }).waitFor();
      await explained(page);
      const words = by === '' ? ['matrix', '--by', 'stack', '--why', name] : ['explain', name];
      const printed = dachs(words).stdout;
      expect(await copied(page, 'C'), name).toBe(printed);
      // Each statement that the panel shows stands in that text, line breaks apart.
      const flat = (text: string): string => text.replaceAll(/\s+/g, ' ');
      const said = await page.locator('.matrix-three li').allTextContents();
      expect(said.length).toBeGreaterThan(0);
      for (const one of said) expect(flat(printed)).toContain(flat(one));
    }
  });

  test('a cell leads to its witness, and to other kernels', async () => {
    const page = await explained(await site.open(`#2/matrix?cell=${CELL}`));
    const link = page.getByRole('link', { name: /Step through L\d+ on turbosparc/ });
    const fragment = (await link.getAttribute('href')) ?? '';
    expect(fragment).toMatch(/^#2\/witness\?machine=turbosparc&scenario=L\d+$/);
    await page.keyboard.press('w');
    await expect.poll(() => new URL(page.url()).hash).toBe(fragment);
    await page.goBack();
    await explained(page);
    await page.getByRole('button', { name: '4.0 -' }).click();
    await expect.poll(() => page.url()).toContain('kernel=4.0');
    await page.getByRole('region', { name: `${CELL}@4.0` }).waitFor();
    await page.getByLabel('File system').last().selectOption('xfs');
    await page.getByRole('region', { name: 'turbosparc/pmem/xfs/always@4.0' }).waitFor();
  });

  test.each(['#2/matrix', `#2/matrix?arch=sparc32&cell=${CELL}`, '#2/matrix?by=cpu&open=arm'])(
    'axe finds nothing serious in %s, in light and in dark',
    async (fragment) => {
      const page = await shown(await site.open(fragment));
      if (fragment.includes('cell')) await explained(page);
      expect(await axe(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await axe(page)).toEqual([]);
      await page.emulateMedia({ colorScheme: 'light' });
    },
  );

  test.each(['#2/matrix', `#2/matrix?cell=${CELL}`, '#2/matrix?by=cpu'])(
    'a phone does not scroll %s sideways',
    async (fragment) => {
      const page = await shown(await site.open(fragment, { width: 390 }));
      if (fragment.includes('cell')) await explained(page);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    },
  );

  test.runIf(takesPictures)('pictures for the documents', async () => {
    const page = await shown(await site.open('#2/matrix'));
    await expect
      .poll(() => page.locator('.matrix-changes').textContent(), SLOW)
      .toContain('Against');
    await picture(page, 'matrix');
    const dark = await shown(await site.open('#2/matrix?kernel=v3', { dark: true }));
    await expect
      .poll(() => dark.locator('.matrix-changes').textContent(), SLOW)
      .toContain('Against');
    await picture(dark, 'matrix-dark');
    await picture(await explained(await site.open(`#2/matrix?cell=${CELL}`)), 'matrix-cell');
    await picture(await shown(await site.open('#2/matrix', { width: 390 })), 'matrix-phone');
    await picture(await shown(await site.open('#2/matrix?by=cpu&open=arm')), 'matrix-cpu');
  });
});
