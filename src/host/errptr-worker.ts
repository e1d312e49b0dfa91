// One thread that reads files and walks functions: see errptr-threads.ts. It answers each job with
// a list of texts.

import { parentPort, workerData } from 'node:worker_threads';
import { factsOf, scanFunctions } from '../audit/index.ts';
import { loadCSyntax } from './c-syntax.ts';
import { digest } from './errptr-cache.ts';
import { bytesOf } from './errptr-files.ts';
import { type ErrptrJob, isErrptrJob } from './errptr-threads.ts';

const root = String(workerData);

parentPort?.on('message', (given: unknown) => {
  if (isErrptrJob(given)) void answer(given).then((told) => parentPort?.postMessage(told));
});

async function answer(job: ErrptrJob): Promise<readonly string[]> {
  if (job.kind === 'read') return job.paths.flatMap((path) => read(path, job.scans));
  const syntax = await loadCSyntax();
  return job.files.flatMap(({ path, functions }) => {
    const bytes = bytesOf(root, path);
    const text = typeof bytes === 'string' ? '' : bytes.toString('utf8');
    return functions.map((one) => JSON.stringify(factsOf(path, text, one, syntax)));
  });
}

/** Digest, scan and complaint; the scan is empty where none is asked for. */
function read(path: string, scans: boolean): readonly string[] {
  const bytes = bytesOf(root, path);
  if (typeof bytes === 'string') return ['', '', bytes];
  const scan = scans ? JSON.stringify(scanFunctions(bytes.toString('utf8'))) : '';
  return [digest(bytes), scan, ''];
}
