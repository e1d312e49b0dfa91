// Makes one HTML file of the page: its script and its style stand in it, named in its policy by
// their hashes. The engine's worker is inside the script already (start-inline.ts).

import { createHash } from 'node:crypto';
import { filePolicy } from './page-policy.mjs';

/** @returns {import('vite').Plugin} */
export function singleFilePlugin() {
  return {
    name: 'dachs-single-file',
    enforce: 'post',
    config: () => ({ build: { rolldownOptions: { output: { codeSplitting: false } } } }),
    // After vite itself, which still fills in what imports on demand are to load.
    generateBundle: { order: 'post', handler: joinFiles },
  };
}

/**
 * Leaves one file of the bundle.
 * @param {unknown} _
 * @param {import('vite').Rolldown.OutputBundle} bundle
 */
function joinFiles(_, bundle) {
  const files = Object.values(bundle);
  const html = files.find(({ fileName }) => fileName.endsWith('.html'));
  const scripts = files.flatMap((one) => (one.type === 'chunk' ? [one] : []));
  const [script] = scripts;
  if (html?.type !== 'asset' || script === undefined || scripts.length > 1) {
    throw new Error(`one script is expected, not ${scripts.length}`);
  }
  const styles = files.flatMap((one) =>
    one.type === 'asset' && one.fileName.endsWith('.css') ? [String(one.source)] : [],
  );
  const code = script.code.replaceAll('</script', String.raw`<\/script`).trim();
  const style = styles.join('\n').trim();
  const policy = filePolicy({ script: hashOf(code), style: hashOf(style) });
  const text = String(html.source)
    .replace(/\s*<script type="module"[^>]*><\/script>/, '')
    .replaceAll(/\s*<link rel="stylesheet"[^>]*>/g, '')
    .replace(
      '<head>',
      () => `<head>\n<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    )
    .replace('</head>', () => `<style>${style}</style>\n</head>`)
    .replace('</body>', () => `<script type="module">${code}</script>\n</body>`);
  for (const { fileName } of files) if (fileName !== html.fileName) delete bundle[fileName];
  html.source = text;
  html.fileName = 'dachs.html';
}

/** @param {string} text */
function hashOf(text) {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
