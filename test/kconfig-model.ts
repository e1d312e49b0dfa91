// Small Kconfig models for tests, out of texts written there.

import { present } from '../src/base/index.ts';
import type { Result } from '../src/base/index.ts';
import { memoryTree } from '../src/audit/tree.ts';
import type { PortConfig } from '../src/audit/ports.ts';
import { allYes, kconfigCache, optimistic, readKconfig } from '../src/audit/kconfig/index.ts';
import type {
  Evaluation,
  KconfigModel,
  KconfigNote,
  Profile,
  ReadListener,
} from '../src/audit/kconfig/index.ts';

/** What differs from a plain x86-like port of a recent release. */
export interface Setting {
  readonly files?: Readonly<Record<string, string>>;
  /** `VERSION.PATCHLEVEL` for the Makefile; none where absent. */
  readonly release?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly preset?: Readonly<Record<string, string>>;
  readonly profile?: Profile;
}

/** Reads a Kconfig text as the top file of a tree. */
export function tryModel(
  kconfig: string,
  setting: Setting = {},
  listener: ReadListener = {},
): Result<KconfigModel> {
  const [major = '', minor = ''] = (setting.release ?? '').split('.');
  const makefile = `VERSION = ${major}\nPATCHLEVEL = ${minor}\n`;
  const top = { Kconfig: kconfig, ...(major === '' ? {} : { Makefile: makefile }) };
  const tree = memoryTree({ ...top, ...setting.files });
  const port: PortConfig = {
    id: 'test',
    arch: 'x86',
    srcarch: 'x86',
    env: { ARCH: 'x86_64', SRCARCH: 'x86', ...setting.env },
    preset: setting.preset ?? {},
    note: 'a port for tests',
  };
  return readKconfig(tree, port, setting.profile ?? optimistic, kconfigCache(), listener);
}

/** The model of a Kconfig text that must be readable. */
export function modelOf(kconfig: string, setting: Setting = {}): KconfigModel {
  const result = tryModel(kconfig, setting);
  return present(result.ok ? result.value : undefined, `model: ${JSON.stringify(result)}`);
}

/** The all-yes values of a Kconfig text that must be readable. */
export function evaluationOf(kconfig: string, setting: Setting = {}): Evaluation {
  return allYes(modelOf(kconfig, setting));
}

/** Values of all the symbols named, as one line: `A=y B=m`. */
export function valuesOf(kconfig: string, names: string, setting: Setting = {}): string {
  const evaluation = evaluationOf(kconfig, setting);
  return names
    .split(' ')
    .map((name) => `${name}=${evaluation.value(name)}`)
    .join(' ');
}

/** A note as conf prints it; a line for stdout comes after `>`. */
export function confLine({ kind, file, line, text }: KconfigNote): string {
  switch (kind) {
    case 'info':
      return `>${text}`;
    case 'message':
      return `${file}:${line}: ${text}`;
    case 'warning':
      return `${file}:${line}:warning: ${text}`;
    case 'ours':
      return `(${text})`;
  }
}
