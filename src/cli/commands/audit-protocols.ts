// dachs audit --protocol: a tree walked by the protocols that are named, and by nothing else.

import { type Answer, EXIT } from '../../answer/index.ts';
import { auditProtocols, type Protocol } from '../../audit/index.ts';
import { fail, ok, type Result } from '../../base/index.ts';
import {
  builtInProtocols,
  loadCSyntax,
  openProgress,
  openTree,
  protocolFromFile,
} from '../../host/index.ts';
import { protocolsRecord, protocolsText, sarifLog } from '../../report/index.ts';
import { unknown } from '../selection.ts';
import { unused } from '../unused.ts';
import { answerOf, askedOf, type AuditOptions } from './audit-answer.ts';

/** Audits the tree at `path`; exit 4 where no file of it calls what acquires. */
export async function auditByProtocols(
  path: string,
  options: AuditOptions & { readonly protocol: string },
): Promise<Result<Answer>> {
  const idle = unused(options, ['facts', 'id', 'profile', 'errptr', 'jobs'], '--protocol');
  if (idle) return idle;
  const asked = askedOf(path, options);
  if (!asked.ok) return asked;
  const protocols = protocolsTyped(options.protocol);
  if (!protocols.ok) return protocols;
  const tree = openTree(path);
  if (!tree.ok) return tree;
  const progress = openProgress(options.quiet ?? false);
  try {
    const syntax = await loadCSyntax();
    const audit = await auditProtocols(tree.value, syntax, protocols.value, progress.step);
    if (!audit.ok) return audit;
    const calls = audit.value.protocols.some((one) => one.calls > 0);
    const { verbose = false, terse = false } = options;
    return answerOf(audit.value, options, asked.value, {
      text: (one, baseline) =>
        protocolsText(one, { verbose, terse, ...(baseline && { baseline }) }),
      json: protocolsRecord,
      sarif: sarifLog,
      ...(calls ? {} : { idle: EXIT.nothingToCheck }),
    });
  } finally {
    progress.stop();
  }
}

/** Protocols by name, or by the path of a file (with `/` or ending in `.json`). */
function protocolsTyped(typed: string): Result<readonly Protocol[]> {
  const known = builtInProtocols();
  if (!known.ok) return known;
  const names = known.value.map(({ name }) => name);
  const words = typed.split(',').flatMap((word) => word.trim() || []);
  if (words.length === 0) {
    return fail({ what: 'no protocol is named', hint: 'dachs list protocols' });
  }
  const chosen = new Map<string, { readonly word: string; readonly protocol: Protocol }>();
  for (const word of words) {
    const isFile = word.includes('/') || word.endsWith('.json');
    const own = known.value.find(({ name }) => name === word);
    if (!isFile && own === undefined) return unknown('protocol', word, names);
    const read = own === undefined || isFile ? protocolFromFile(word) : ok(own);
    if (!read.ok) return read;
    const { name } = read.value;
    const other = chosen.get(name);
    if (other !== undefined && JSON.stringify(other.protocol) !== JSON.stringify(read.value)) {
      return fail({
        what: `two protocols are called ${name}: ${other.word} and ${word}`,
        hint: 'give one of them another name',
      });
    }
    chosen.set(name, { word, protocol: read.value });
  }
  return ok([...chosen.values()].map(({ protocol }) => protocol));
}
