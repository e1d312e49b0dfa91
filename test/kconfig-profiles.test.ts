// The profiles that come with the program against real trees and real toolchains: every question of
// a tree is on record, a probe says today what the record says, and the values are those that the
// kernel's own conf has from the same compiler. Needs the trees, and gcc, flex and bison.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { allYes, kconfigCache, readKconfig, recordedProfile } from '../src/audit/kconfig/index.ts';
import type {
  KconfigCache,
  KconfigModel,
  Profile,
  ToolchainRecord,
} from '../src/audit/kconfig/index.ts';
import { archOf, type PortConfig, portsOf, type SourceTree } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { openTree, probedToolchains, probeToolchain } from '../src/host/index.ts';
import { buildConf, differences, runConf } from './kconfig-conf.ts';
import { havePrograms, kernelTree } from './support.ts';

// What the distribution brings, and nothing of the user's own: that is what was probed.
const search = process.env['PATH'];
beforeAll(() => {
  process.env['PATH'] = '/usr/sbin:/usr/bin:/sbin:/bin';
});
afterAll(() => {
  process.env['PATH'] = search;
});

const folder = mkdtempSync(join(tmpdir(), 'dachs-profiles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const probed = probedToolchains();
const records = present(probed.ok ? probed.value : undefined, 'records');

function recordNamed(name: string): ToolchainRecord {
  return present(
    records.find((record) => record.name === name),
    name,
  );
}

/** A tree, and what its ports share. */
interface Trees {
  readonly tree: SourceTree;
  readonly cache: KconfigCache;
}

function treeAt(path: string | undefined): Trees {
  const opened = openTree(path ?? '');
  return { tree: present(opened.ok ? opened.value : undefined, 'tree'), cache: kconfigCache() };
}

function modelOf({ tree, cache }: Trees, port: PortConfig, profile: Profile): KconfigModel {
  const model = readKconfig(tree, port, profile, cache);
  return present(model.ok ? model.value : undefined, JSON.stringify(model));
}

/** A folder that looks like the tree: what questions write lands there. */
function linked(tree: string, name: string): string {
  const links = join(folder, name);
  mkdirSync(links, { recursive: true });
  for (const entry of readdirSync(tree)) symlinkSync(join(tree, entry), join(links, entry));
  return links;
}

/** conf of a release, and a folder like its tree to run it in. */
interface Conf {
  readonly program: string;
  readonly links: string;
}

const confs = new Map<string, Conf>();

function builtConf(tree: string, release: string): Conf {
  const known = confs.get(release);
  if (known) return known;
  const program = buildConf(tree, join(folder, `conf-${release}`));
  const conf = { program, links: linked(tree, `links-${release}`) };
  confs.set(release, conf);
  return conf;
}

/** Toolchains whose values are compared, with a port of each. */
const compared = [
  { name: 'gcc-12-x86_64', port: 'x86_64', prefix: '' },
  { name: 'gcc-12-arm', port: 'arm-v7', prefix: 'arm-linux-gnueabi-' },
  { name: 'gcc-12-powerpc64le', port: 'powerpc-book3s64', prefix: 'powerpc64le-linux-gnu-' },
];

test('there is a profile for each architecture that Debian has a compiler for', () => {
  expect(records.length).toBeGreaterThanOrEqual(15);
  for (const record of records) expect(record.releases, record.name).toHaveLength(2);
});

for (const release of ['6.1', '6.12']) {
  const path = kernelTree(release);
  const needTree = `needs linux-source-${release} (npm run trees)`;

  test.skipIf(path === undefined)(`every question of ${release} is on record; ${needTree}`, () => {
    const opened = treeAt(path);
    const ports = portsOf(opened.tree);
    for (const record of records) {
      const fitting = ports.filter((port) => record.fits.includes(archOf(port)));
      expect(fitting, record.name).not.toEqual([]);
      for (const port of fitting) {
        const { assumptions } = modelOf(opened, port, recordedProfile(record));
        expect(assumptions.length).toBeGreaterThan(60);
        const open = assumptions.filter(({ basis }) => basis !== 'recorded');
        expect(open, `${record.name} for ${port.id}`).toEqual([]);
      }
    }
  });

  for (const { name, port: id, prefix } of compared) {
    const ready = path !== undefined && havePrograms(`${prefix}gcc`, 'gcc', 'flex', 'bison');
    const needs = `${needTree}, ${prefix}gcc, gcc, flex and bison`;
    test.skipIf(!ready)(`${id} of ${release}: conf has our values; ${needs}`, async () => {
      const opened = treeAt(path);
      const port = present(
        portsOf(opened.tree).find((one) => one.id === id),
        id,
      );
      const options = { tree: path ?? '', port, crossCompile: prefix, name };
      const fresh = await probeToolchain(options);
      const record = present(fresh.ok ? fresh.value : undefined, JSON.stringify(fresh));
      const model = modelOf(opened, port, recordedProfile(record));
      const conf = builtConf(path ?? '', release);
      const tools = Object.fromEntries(
        record.tools.map(({ variable, command }) => [variable, command]),
      );
      const run = runConf(conf.program, conf.links, model, join(folder, name, release), tools);
      expect(run.values.size).toBeGreaterThan(8000);
      expect(differences(allYes(model), run)).toEqual([]);
      // The same tools give the answers that came with the program.
      const shipped = recordNamed(name);
      if (JSON.stringify(shipped.tools) !== JSON.stringify(record.tools)) return;
      const again = modelOf(opened, port, recordedProfile(shipped));
      const answers = (one: KconfigModel): readonly string[] =>
        one.assumptions.map(({ command, answer }) => `${command} => ${answer}`);
      expect(answers(again)).toEqual(answers(model));
    });
  }
}
