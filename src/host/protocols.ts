// Files of protocols: those that come with the program, and a user's own.

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Protocol } from '../audit/index.ts';
import { ok, type Result } from '../base/index.ts';
import { PROTOCOL_HINT, protocolFromJson } from '../forms/index.ts';
import { readTextFile } from './text-file.ts';

const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../data/protocols');

/** Reads a protocol from a file. */
export function protocolFromFile(file: string): Result<Protocol> {
  const text = readTextFile(file, 'protocol', PROTOCOL_HINT);
  return text.ok ? protocolFromJson(text.value, file) : text;
}

/** Names of the protocols that come with the program, sorted. */
export function protocolNames(folder = FOLDER): readonly string[] {
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  return files.flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []));
}

/** The protocols that come with the program, sorted by name. */
export function builtInProtocols(folder = FOLDER): Result<readonly Protocol[]> {
  const protocols: Protocol[] = [];
  for (const one of protocolNames(folder)) {
    const protocol = protocolFromFile(path.join(folder, `${one}.json`));
    if (!protocol.ok) return protocol;
    protocols.push(protocol.value);
  }
  return ok(protocols);
}
