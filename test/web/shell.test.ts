// The page's shell: tabs, keys, colours, links; whatever the view.

import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { haveChromium } from '../../bench/chromium.mjs';
import { axe, clipboard, type Site, startSite } from './site.ts';

describe.skipIf(!haveChromium())('the shell', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(async () => site.close());

  test('each view has a tab and a number key, and is the page title', async () => {
    const page = await site.open('');
    const names = await page.getByRole('navigation').getByRole('link').allTextContents();
    expect(names).toEqual(['Matrix', 'Litmus', 'Witness', 'Audit', 'Replay']);
    for (const [index, name] of names.entries()) {
      await page.keyboard.press(String(index + 1));
      await expect.poll(() => page.title()).toBe(`${name} - Dachs`);
      expect(page.url()).toContain(`#2/${name.toLowerCase()}`);
      expect(await page.locator('[aria-current=page]').textContent()).toBe(name);
    }
    await page.goBack();
    await expect.poll(() => page.title()).toBe('Audit - Dachs');
  });

  test('tabs keep what was chosen, and take machine, kernel and test over', async () => {
    const page = await site.open('#2/litmus?kernel=6.1&machine=sh7750/4k&test=CoWR+k+u+same');
    await page.getByRole('heading', { name: 'CoWR+k+u+same' }).waitFor();
    const tab = page.getByRole('navigation').getByRole('link', { name: 'Witness' });
    const fragment = '#2/witness?kernel=6.1&machine=sh7750/4k&test=CoWR+k+u+same';
    expect(await tab.getAttribute('href')).toBe(fragment);
    await page.keyboard.press('3');
    await expect.poll(() => new URL(page.url()).hash).toBe(fragment);
    await page.keyboard.press('5');
    await expect.poll(() => page.url()).toContain('#2/replay?kernel=6.1&machine=sh7750/4k');
    await page.keyboard.press('2');
    await expect.poll(() => page.url()).toContain('machine=sh7750/4k&test=CoWR+k+u+same');
  });

  test.each(['matrix?arch=arm', 'witness', 'audit', 'replay'])(
    'l copies the link of %s, and says so',
    async (fragment) => {
      const page = await site.open(`#2/${fragment}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.keyboard.press('l');
      await expect.poll(() => clipboard(page)).toBe(page.url());
      const said = page.getByTestId('announcements');
      await expect.poll(() => said.textContent()).toBe('Link copied');
    },
  );

  test('the first view is at most 300 kB of gzip, worker and all', async () => {
    const context = await site.browser.newContext();
    const page = await context.newPage();
    const names: string[] = [];
    page.on('response', (response) => names.push(response.url()));
    await page.goto(site.url);
    await page.getByRole('grid').waitFor();
    await context.close();
    let bytes = 0;
    for (const name of names.filter((one) => one.startsWith(site.url))) {
      const response = await fetch(name);
      bytes += gzipSync(Buffer.from(await response.arrayBuffer()), { level: 9 }).length;
    }
    expect(bytes).toBeGreaterThan(150_000);
    expect(bytes).toBeLessThan(300_000);
  });

  test('a view that throws is told in its place, and the others go on', async () => {
    const context = await site.browser.newContext();
    onTestFinished(async () => context.close());
    const page = await context.newPage();
    // The chunk of a view that draws nothing but a fault.
    await page.route(/assets\/view-.*\.js$/, async (route) => {
      const text = await (await route.fetch()).text();
      const body = text.includes('replay')
        ? 'export default () => { throw Error("planted") }'
        : text;
      const contentType = 'text/javascript';
      const headers = { 'Cross-Origin-Resource-Policy': 'same-origin' };
      await route.fulfill({ body, contentType, headers });
    });
    await page.goto(`${site.url}#2/replay`);
    await page.getByRole('alert').getByText('planted').waitFor();
    await page.keyboard.press('1');
    await page.getByRole('grid').waitFor();
  });

  test('? lists the keys, Escape closes the list', async () => {
    const page = await site.open('');
    await page.keyboard.press('?');
    const list = page.getByRole('dialog', { name: 'Keys' });
    await list.waitFor();
    expect(await list.getByRole('row').count()).toBeGreaterThan(7);
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'hidden' });
  });

  test('t goes through the colours, and they are kept', async () => {
    const page = await site.open('', { dark: true });
    const ground = 'getComputedStyle(document.documentElement).backgroundColor';
    const dark = await page.evaluate(ground);
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Colours: light' }).waitFor();
    await expect.poll(() => page.evaluate(ground)).not.toBe(dark);
    await page.reload();
    await page.getByRole('button', { name: 'Colours: light' }).waitFor();
    await page.evaluate('localStorage.clear()');
  });

  test('a link that leads nowhere says so and shows the matrix', async () => {
    const page = await site.open('#3/matrix');
    expect(await page.getByRole('alert').textContent()).toContain('newer Dachs');
    const other = await site.open('#2/attic');
    expect(await other.getByRole('alert').textContent()).toContain("'attic'");
  });

  test.each([false, true])(
    'axe finds nothing serious in the list of keys, dark %s',
    async (dark) => {
      const page = await site.open('', { dark });
      await page.keyboard.press('?');
      expect(await axe(page)).toEqual([]);
    },
  );
});
