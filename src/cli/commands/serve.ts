// dachs serve: the page on this machine, or as one file.

import { copyFileSync, existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, ok, type Result } from '../../base/index.ts';
import { reasonOf } from '../../host/index.ts';
import { type Answer, EXIT } from '../../answer/index.ts';

/** Options of `dachs serve` as they were typed. */
export interface ServeOptions {
  readonly port?: string;
  /** A file to write the page to, instead of serving it. */
  readonly output?: string;
}

/** The built page, beside the bundle: dist/web from dist/bundle and from dist/cli/commands. */
const SITE = siteFolder();

const USUAL_PORT = 8017;

/** Serves the page on the loopback until it is stopped, or copies the one-file form of it. */
export async function serveCommand(options: ServeOptions): Promise<Result<Answer>> {
  if (!existsSync(path.join(SITE, 'index.html'))) {
    return fail({ what: 'the page is not built', hint: 'npm ci && npm run build, in the clone' });
  }
  if (options.output !== undefined) return savePage(options.output);
  const port = portOf(options.port);
  if (!port.ok) return port;
  const { servePage } = await import('../page-server.ts');
  const server = await servePage(SITE, port.value);
  if (!server.ok) return server;
  process.stdout.write(`${server.value.url}\n`);
  if (process.stderr.isTTY) process.stderr.write('Ctrl-C stops\n');
  await untilStopped();
  server.value.close();
  return ok({ text: '', exit: EXIT.asExpected });
}

function savePage(file: string): Result<Answer> {
  if (file === '') return fail({ what: 'no file is named', hint: 'give -o a path' });
  try {
    copyFileSync(path.join(SITE, 'dachs.html'), file);
  } catch (error) {
    const what = `cannot write the page: ${reasonOf(error)}`;
    return fail({ what, where: file, hint: 'choose another place with -o FILE' });
  }
  return ok({ text: '', exit: EXIT.asExpected });
}

function portOf(typed: string | undefined): Result<number> {
  if (typed === undefined) return ok(USUAL_PORT);
  const port = Number(typed);
  if (/^\d{1,5}$/.test(typed) && port <= 65_535) return ok(port);
  return fail({
    what: `--port takes a number from 0 to 65535, not ${typed === '' ? 'nothing' : typed}`,
    hint: '0 takes any that is free',
  });
}

/** Resolves on Ctrl-C or a polite kill: for a server both are the usual end. */
async function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.removeAllListeners(signal);
      process.once(signal, () => resolve());
    }
  });
}

function siteFolder(): string {
  const here = path.dirname(fileURLToPath(import.meta.url));
  const places = ['../web', '../../web', '../../../dist/web'].map((up) => path.resolve(here, up));
  return (
    places.find((one) => existsSync(path.join(one, 'index.html'))) ?? path.resolve(here, '../web')
  );
}
