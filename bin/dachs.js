#!/usr/bin/env node
// Starts the command line. Without a build it says what to type, and nothing else happens.
//
// The bundle is loaded with V8's compiled code where the build has left some: Node 20 compiles
// everything anew on each start, which would take longer than most answers. Code of another Node is
// rejected by V8 and then compiled as usual.

'use strict';

const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const path = require('node:path');
const vm = require('node:vm');

const folder = path.join(__dirname, '../dist/bundle');
const entry = path.join(folder, 'main.cjs');
/** @type {Map<string, vm.Script>} */
const scripts = new Map();
/** @type {Map<string, { exports: any }>} */
const modules = new Map();

if (existsSync(entry)) void start();
else {
  process.stderr.write(
    'dachs: not built yet: dist/bundle/main.cjs is missing\n' +
      `hint: cd ${path.join(__dirname, '..')} && npm ci && npm run build\n`,
  );
  process.exitCode = 2;
}

async function start() {
  process.exitCode = await load(entry).main(process.argv.slice(2));
  // Set by the build, and by nobody else: what was compiled is kept for the next start.
  if (process.env.DACHS_WARM === '1') {
    for (const [file, script] of scripts) writeFileSync(`${file}.code`, script.createCachedData());
  }
}

/**
 * A file of the bundle as a CommonJS module; its own files are loaded the same way.
 * @param {string} file
 * @returns {any}
 */
function load(file) {
  const known = modules.get(file);
  if (known) return known.exports;
  const module = { exports: {} };
  modules.set(file, module);
  const outside = createRequire(file);
  const inside = (/** @type {string} */ id) =>
    id.startsWith('./') ? load(path.join(folder, id)) : outside(id);
  const text = readFileSync(file, 'utf8');
  const script = new vm.Script(
    `(function (exports, require, module, __filename, __dirname) {${text}\n})`,
    {
      filename: file,
      cachedData: codeOf(file),
    },
  );
  scripts.set(file, script);
  script.runInThisContext()(module.exports, inside, module, file, folder);
  return module.exports;
}

/** @param {string} file */
function codeOf(file) {
  const code = `${file}.code`;
  return existsSync(code) ? readFileSync(code) : undefined;
}
