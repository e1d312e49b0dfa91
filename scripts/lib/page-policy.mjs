// The page's Content-Security-Policy: scripts and styles of its own, WebAssembly, and no request to
// anywhere else. `dachs serve` sends it as a header too; the meta element is for other servers and
// for the file on disk.

/** What both forms have in common: nothing that is not named is loaded, sent or embedded. */
const common = [
  "default-src 'none'",
  'img-src data: blob:',
  "base-uri 'none'",
  "form-action 'none'",
];

/** The policy of the page as a folder of files. */
export const sitePolicy = [
  ...common,
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "worker-src 'self'",
].join('; ');

/**
 * The policy of the single file, whose parts are named by their hashes.
 * @param {{ script: string, style: string }} hashes as `sha256-...`
 */
export function filePolicy({ script, style }) {
  return [
    ...common,
    `script-src '${script}' 'wasm-unsafe-eval'`,
    `style-src '${style}'`,
    'worker-src blob:',
  ].join('; ');
}

/**
 * Writes the policy into the page; the single file gets its own once its parts are known.
 * @param {boolean} single
 * @returns {import('vite').Plugin}
 */
export function policyPlugin(single) {
  return {
    name: 'dachs-policy',
    transformIndexHtml: {
      order: 'post',
      handler: () =>
        single
          ? []
          : [
              {
                tag: 'meta',
                attrs: { 'http-equiv': 'Content-Security-Policy', content: sitePolicy },
                injectTo: 'head-prepend',
              },
            ],
    },
  };
}
