// What scripts write, in the form of the house.

import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * A text as biome would leave it in the file.
 * @param {string} text
 * @param {string} file from the root of the repository
 */
export function formatted(text, file) {
  const biome = path.join(root, 'node_modules/@biomejs/biome/bin/biome');
  const args = [biome, 'format', `--stdin-file-path=${file}`];
  const run = spawnSync(process.execPath, args, { cwd: root, input: text, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`biome: ${run.stderr}`);
  return run.stdout.endsWith('\n') ? run.stdout : `${run.stdout}\n`;
}
