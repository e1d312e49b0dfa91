// The licences of the packages whose code is in what we build.

import { readdirSync, readFileSync } from 'node:fs';

/**
 * The texts, package by package, sorted by name.
 * @param {Iterable<string>} moduleIds paths of modules; those outside of node_modules are ours
 * @returns {string}
 */
export function licencesOf(moduleIds) {
  const folders = new Set(
    [...moduleIds].flatMap(
      (id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(id)?.[0] ?? [],
    ),
  );
  const texts = [...folders].sort().map((folder) => {
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    const text = file ? readFileSync(`${folder}/${file}`, 'utf8') : 'see its package\n';
    return `${name}\n\n${text}`;
  });
  return texts.join('\n----\n\n');
}
