// The server of the page: static files on the loopback, under the policy that the page is made for.

import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { fail, ok, type Result } from '../base/index.ts';
import { reasonOf } from '../host/index.ts';

/** A server that listens. */
export interface PageServer {
  /** Where the page is: `http://127.0.0.1:8017/`. */
  readonly url: string;
  readonly close: () => void;
}

const HOST = '127.0.0.1';

/** The page's own meta element has the same policy; `frame-ancestors` counts in a header only. */
const POLICY =
  "default-src 'none'; img-src data: blob:; base-uri 'none'; form-action 'none'; " +
  "script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; worker-src 'self'; " +
  "frame-ancestors 'none'";

/** Serves the folder on the loopback; port 0 takes any that is free. */
export async function servePage(folder: string, port: number): Promise<Result<PageServer>> {
  const app = new Hono();
  app.use(async (context, next) => {
    // Only by this name: another page must not reach it through a name of its own.
    const host = new URL(context.req.url).hostname;
    if (host !== HOST && host !== 'localhost') return context.text('not this host\n', 403);
    await next();
    context.header('Content-Security-Policy', POLICY);
    context.header('X-Content-Type-Options', 'nosniff');
    context.header('Referrer-Policy', 'no-referrer');
    context.header('Cross-Origin-Opener-Policy', 'same-origin');
    context.header('Cross-Origin-Embedder-Policy', 'require-corp');
    context.header('Cross-Origin-Resource-Policy', 'same-origin');
    // The names of what is below assets/ change with its content.
    const lasts = context.req.path.startsWith('/assets/') && context.res.ok;
    context.header('Cache-Control', lasts ? 'max-age=31536000, immutable' : 'no-cache');
    return undefined;
  });
  app.use('*', serveStatic({ root: folder }));
  app.notFound((context) => context.text('no such file of the page\n', 404));
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port, hostname: HOST }, (info) => {
      resolve(
        ok({
          url: `http://${HOST}:${info.port}/`,
          close: () => {
            server.close();
            if ('closeAllConnections' in server) server.closeAllConnections();
          },
        }),
      );
    });
    server.on('error', (error: Error) => {
      const hint = 'another --port; 0 takes any that is free';
      resolve(fail({ what: `cannot listen: ${reasonOf(error)}`, where: `${HOST}:${port}`, hint }));
    });
  });
}
