// The audit view: a file of the command line is dropped, chosen or pasted; what is copied is what
// the command line prints; the path of a finding is marked in the automaton of its function.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { haveChromium } from '../../bench/chromium.mjs';
import { dachs } from '../dachs.ts';
import { folderOf } from '../house/folder.ts';
import { auditedTree } from './audit-tree.ts';
import { axe, clipboard, type Look, picture, type Site, startSite, takesPictures } from './site.ts';

const LEAK = 'LEAK@drivers/nvdimm/pmem.c:29:8';
const example = path.resolve(import.meta.dirname, '../../src/web/views/audit/example.json');

/** The tree in a folder, and an audit of it in this form; gives the file's path. */
function audited(form: string, ...more: readonly string[]): string {
  const folder = folderOf(auditedTree);
  const args = ['audit', '.', '--format', form, '-o', `audit.${form}`, ...more];
  expect(dachs(args, folder).stderr).toBe('');
  return path.join(folder, `audit.${form}`);
}

async function choose(page: Page, file: string): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(file);
}

async function give(page: Page, name: string, content: string | Buffer): Promise<void> {
  const buffer = Buffer.from(content);
  await page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'application/json', buffer });
}

const drawn = (page: Page) => page.locator('svg.automaton').waitFor();

describe.skipIf(!haveChromium())('the audit view', () => {
  let site: Site;
  beforeAll(async () => {
    site = await startSite();
  });
  afterAll(async () => site.close());

  const opened = async (fragment: string, look?: Look): Promise<Page> => {
    const page = await site.open(fragment, look);
    await choose(page, example);
    await drawn(page);
    return page;
  };

  test('a file is dropped on the page, and says itself what it is', async () => {
    const page = await site.open('#2/audit');
    const text = readFileSync(audited('json'), 'utf8');
    const drop = `const data = new DataTransfer();
      data.items.add(new File([${JSON.stringify(text)}], 'mine.json'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true }))`;
    await page.getByRole('button', { name: 'Open an audit file' }).waitFor();
    await page.evaluate(drop);
    await drawn(page);
    expect(await page.locator('.audit-summary').textContent()).toContain(
      'mine.json: dachs/audit, Linux 6.12',
    );
    expect(await page.locator('.audit-count').textContent()).toBe(
      '4 findings: 3 warnings, 1 check',
    );
  });

  test('a text is pasted', async () => {
    const page = await site.open('#2/audit');
    const text = readFileSync(example, 'utf8');
    await page.getByRole('button', { name: 'Open an audit file' }).waitFor();
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await page.keyboard.press('Control+v');
    await drawn(page);
    expect(await page.locator('.audit-summary').textContent()).toContain('the pasted text');
  });

  test('by keyboard alone: example, findings, path, automaton, close', async () => {
    const page = await site.open('#2/audit');
    await page.getByRole('button', { name: 'Example' }).waitFor();
    await page.keyboard.press('e');
    await drawn(page);
    expect(page.url()).toContain('audit=example');
    const summary = await page.locator('.audit-summary').textContent();
    expect(summary).toContain('An example: a made-up tree with faults put in');
    expect(summary).not.toContain('A link names the finding');
    expect(await page.locator('.audit-open').textContent()).not.toContain('or drop one');
    await page.keyboard.press('Escape');
    await expect.poll(() => page.url()).not.toContain('finding=');
    // From nowhere j comes to the first, the arrows go on from there.
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain(`finding=${LEAK}`);
    await page.getByRole('heading', { name: 'LEAK warning' }).waitFor();
    await page.keyboard.press('n');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('p');
    const says = page.getByTestId('announcements');
    await expect.poll(() => says.textContent()).toMatch(/^Step 1 of 14: devm_kzalloc\(\)/);
    // The page follows the steps.
    const top = "document.querySelector('.a-current').getBoundingClientRect().top";
    await page.evaluate('scrollTo(0, 0)');
    await page.keyboard.press('n');
    await expect.poll(() => page.evaluate(`${top} >= 0 && ${top} < innerHeight`)).toBe(true);
    await page.keyboard.press('w');
    await expect.poll(() => page.url()).toContain('extent=way');
    await page.keyboard.press('/');
    await page.keyboard.type('badblocks');
    await expect.poll(() => page.locator('.audit-list tbody tr').count()).toBe(1);
  });

  test('the failing path is marked by numbers and thick lines, to the finding', async () => {
    const page = await opened(`#2/audit?finding=${LEAK}&step=9`);
    const states = page.locator('svg.automaton .a-state.a-way');
    const titles = await states.locator('text:first-of-type').allTextContents();
    expect(titles).toContain('dax_add_host()');
    expect(titles).toContain('LEAK');
    expect(titles).not.toContain('device_add_disk()');
    expect(await page.locator('svg.automaton path.a-edge.a-way').count()).toBe(13);
    expect(await page.locator('.a-current title').textContent()).toContain('dax_add_host');
    await page.getByRole('button', { name: 'As a table' }).click();
    const row = page.getByRole('row', { name: /^9 dax_add_host/ });
    expect(await row.textContent()).toContain('(path)');
  });

  test('what is copied of a finding is what the command line explains', async () => {
    const file = audited('json');
    const page = await site.open(`#2/audit?finding=${LEAK}`);
    await choose(page, file);
    await drawn(page);
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const at = ['explain', 'drivers/nvdimm/pmem.c:29', '--audit', file];
    expect(await clipboard(page)).toBe(dachs(at).stdout);
    // With a witness: the machine is searched here as there.
    await page.getByRole('link', { name: /lets fsdax through on arm/ }).click();
    await page.getByRole('heading', { name: 'FALSE_PERMISSION' }).waitFor();
    await page.keyboard.press('c');
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await clipboard(page)).toBe(
      dachs(['explain', 'FALSE_PERMISSION', '--audit', file]).stdout,
    );
    const witness = page.getByRole('link', { name: 'see L1 go wrong on it' }).first();
    expect(await witness.getAttribute('href')).toBe('#2/witness?machine=arm1020&scenario=L1');
  });

  test.each([
    { what: 'of the tree', args: ['audit', '.'], more: ['--terse', '-v'] },
    { what: 'by a protocol', args: ['audit', '.', '--protocol', 'dax_device'], more: ['-v'] },
    { what: 'of error pointers', args: ['audit', '.', '--errptr'], more: ['-v'] },
  ])('all findings of an audit $what are the text of the command', async ({ args, more }) => {
    const folder = folderOf(auditedTree);
    dachs([...args, '--json', '-o', 'audit.json'], folder);
    const page = await site.open('#2/audit');
    await choose(page, path.join(folder, 'audit.json'));
    await page.locator('.audit-count').waitFor();
    await page.getByRole('button', { name: 'Copy all as text' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await clipboard(page)).toBe(dachs([...args, ...more], folder).stdout);
  });

  test('SARIF of the same audit has the same findings; the baseline is shown as such', async () => {
    const folder = folderOf(auditedTree);
    dachs(['audit', '.', '--types', 'LEAK', '--write-baseline', 'known.json'], folder);
    const args = ['--baseline', 'known.json', '--format', 'sarif', '-o', 'a.sarif'];
    dachs(['audit', '.', ...args], folder);
    const page = await site.open(`#2/audit?finding=${LEAK}`);
    await choose(page, path.join(folder, 'a.sarif'));
    const finding = page.locator('.audit-finding');
    await finding.waitFor();
    expect(await finding.textContent()).toContain('The baseline names it.');
    expect(await finding.locator('.audit-path li').count()).toBe(6);
    expect(await page.locator('.audit-count').textContent()).toBe(
      '4 findings: 3 warnings, 1 check; 2 of them suppressed',
    );
    await page.getByLabel('Suppressed').selectOption('no');
    expect(await page.locator('.audit-list tbody tr').count()).toBe(2);
    expect(await page.textContent('main')).toContain('SARIF holds no automata');
  });

  test('what cannot be read is said with place and hint, and nothing is lost', async () => {
    const page = await opened(`#2/audit?finding=${LEAK}`);
    const bad: readonly (readonly [string, string | Buffer, RegExp])[] = [
      ['half.json', readFileSync(example, 'utf8').slice(0, 900), /half\.json not JSON.*cut off/],
      ['other.json', '{"schema":"dachs/run","version":1}', /schema: it is 'dachs\/run'/],
      ['new.json', '{"schema":"dachs/audit","version":7}', /version: it is 7/],
      ['packed.gz', Buffer.from([0x1f, 0x8b, 8, 0]), /packed by gzip.*gunzip/],
      ['noise.bin', Buffer.from([0x41, 0xc3, 0x28]), /no UTF-8/],
      ['zero.bin', Buffer.from('{"a"\0}'), /letter 5 is zero/],
      ['empty.json', '', /the file is empty/],
    ];
    for (const [name, content, says] of bad) {
      await give(page, name, content);
      const alert = page.getByRole('alert');
      await expect.poll(() => alert.textContent(), { timeout: 5000 }).toMatch(says);
      expect(await alert.textContent()).not.toMatch(/\bat .*\.js:\d+/);
    }
    expect(await page.locator('.audit-list tbody tr').count()).toBe(4);
    expect(page.url()).toContain(LEAK);
  });

  test('a finding that is broken is listed by its place, the rest is shown', async () => {
    const page = await site.open('#2/audit');
    const record: { findings: unknown[] } = JSON.parse(readFileSync(example, 'utf8'));
    record.findings.push({ type: 'LEAK', level: 'loud' });
    await give(page, 'odd.json', JSON.stringify(record));
    await drawn(page);
    expect(await page.locator('.audit-list tbody tr').count()).toBe(4);
    await page.getByText('1 part of the file not shown').click();
    expect(await page.textContent('.audit-lines')).toContain('findings.4.level');
  });

  test('a link names the finding; without its file the page says what to do', async () => {
    const page = await site.open(`#2/audit?finding=${LEAK}`);
    await page.getByText('This link names the finding').waitFor();
    await give(page, 'none.json', '{"version":"2.1.0","runs":[{"tool":{"driver":{"name":"x"}}}]}');
    await page.getByText('which this file does not have').waitFor();
  });

  test('a long list is shown in parts and filtered as a whole', async () => {
    const page = await site.open('#2/audit');
    const results = Array.from({ length: 5000 }, (_, i) => ({
      ruleId: 'R',
      message: { text: `number ${i}` },
    }));
    const log = { version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, results }] };
    await give(page, 'long.sarif', JSON.stringify(log));
    await expect.poll(() => page.locator('.audit-list tbody tr').count()).toBe(200);
    await page.getByRole('searchbox').fill('number 4999');
    await expect.poll(() => page.locator('.audit-list tbody tr').count()).toBe(1);
  });

  test('the drawing is saved as an SVG of its own', async () => {
    const page = await opened(`#2/audit?finding=${LEAK}`);
    const saving = page.waitForEvent('download');
    await page.keyboard.press('s');
    const download = await saving;
    expect(download.suggestedFilename()).toBe('pmem_attach_disk.svg');
    const svg = readFileSync(await download.path(), 'utf8');
    expect(svg).toMatch(/^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain('.a-edge.a-way{');
  });

  test.each([false, true])('axe finds nothing serious, dark %s', async (dark) => {
    const page = await opened(`#2/audit?finding=${LEAK}&step=9`, { dark });
    for (const summary of await page.locator('main details > summary').all()) {
      await summary.click();
    }
    expect(await axe(page)).toEqual([]);
    await page.getByRole('button', { name: 'As a table' }).click();
    expect(await axe(page)).toEqual([]);
    const empty = await site.open('#2/audit', { dark });
    await empty.getByRole('button', { name: 'Example' }).waitFor();
    expect(await axe(empty)).toEqual([]);
  });

  test('a phone is wide enough', async () => {
    const page = await opened(`#2/audit?finding=${LEAK}&step=9`, { width: 390 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await axe(page)).toEqual([]);
  });

  test.runIf(takesPictures)('pictures', async () => {
    const page = await opened(`#2/audit?finding=${LEAK}&step=9`);
    await picture(page, 'audit');
    await picture(page.locator('.audit-automaton figure').first(), 'audit-automaton');
  });
});

test('the example is what the command line writes today of its tree', () => {
  const record: Record<string, unknown> = JSON.parse(readFileSync(audited('json'), 'utf8'));
  for (const part of ['kernel', 'allocDax', 'list', 'ports', 'buildable']) delete record[part];
  const shown: unknown = JSON.parse(readFileSync(example, 'utf8'));
  expect({ ...record, tree: 'a small tree' }).toEqual(shown);
});
