// Which machines and kernels a command is about, from what was typed.

import { DEFAULT_KERNELS, kernelsCalled } from '../answer/index.ts';
import { fail, ok, type Result } from '../base/index.ts';
import { type Machine, machines } from '../hw/index.ts';
import type { Kernel } from '../kernel/index.ts';
import { kernelFromFile, namedKernels } from '../host/index.ts';
import { type RemedyName, remedies } from '../scenario/index.ts';
import { nearest } from './nearest.ts';

/** Kernels by id or by the path of a fact file (with `/` or ending in `.json`), comma separated. */
export function selectKernels(typed: string | undefined): Result<readonly Kernel[]> {
  const named = namedKernels();
  if (!named.ok) return named;
  return kernelsCalled(typed ?? DEFAULT_KERNELS, named.value, (word) =>
    oneKernel(word, named.value),
  );
}

// What is no id of a named kernel: the path of a fact file, or a slip.
function oneKernel(word: string, named: readonly Kernel[]): Result<Kernel> {
  if (word.includes('/') || word.endsWith('.json')) return kernelFromFile(word);
  const known = named.map((k) => k.id);
  const near = nearest(word, known);
  const guess = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  return fail({
    what: `there is no kernel ${word}`,
    hint:
      `${guess}known: ${known.join(', ')}; or the path of a fact file ` +
      '(dachs audit TREE --facts)',
  });
}

/** Machines by id and architectures by name, both comma separated; all where nothing is typed. */
export function selectMachines(
  ids: string | undefined,
  archs: string | undefined,
): Result<readonly Machine[]> {
  const wantedIds = new Set(words(ids ?? ''));
  const wantedArchs = new Set(words(archs ?? ''));
  if (ids !== undefined && wantedIds.size === 0) return unnamed('machine', 'dachs list machines');
  if (archs !== undefined && wantedArchs.size === 0) {
    return unnamed('architecture', 'leave --arch out for all of them');
  }
  for (const id of wantedIds) {
    if (!machines.some((m) => m.id === id))
      return unknown(
        'machine',
        id,
        machines.map((m) => m.id),
      );
  }
  const known = [...new Set(machines.map((m) => m.arch))].sort();
  for (const arch of wantedArchs) {
    if (!known.includes(arch)) return unknown('architecture', arch, known);
  }
  return ok(
    machines.filter(
      (m) =>
        (wantedIds.size === 0 || wantedIds.has(m.id)) &&
        (wantedArchs.size === 0 || wantedArchs.has(m.arch)),
    ),
  );
}

/** A remedy by the name typed after `--remedy`. */
export function remedyNamed(name: string): Result<RemedyName> {
  const remedy = remedies.find((r) => r.name === name);
  if (remedy) return ok(remedy.name);
  return unknown(
    'remedy',
    name,
    remedies.map((r) => r.name),
  );
}

// An empty shell variable must not silently mean everything, nor nothing.
function unnamed(what: string, hint: string): Result<never> {
  return fail({ what: `no ${what} is named`, hint });
}

/** A Problem for a name nobody knows, with the nearest ones. */
export function unknown<T = never>(
  what: string,
  word: string,
  known: readonly string[],
): Result<T> {
  const near = nearest(word, known);
  const guess = near.length > 0 ? `did you mean ${near.join(' or ')}? ` : '';
  const plural = what.endsWith('y') ? `${what.slice(0, -1)}ies` : `${what}s`;
  const hint =
    what === 'machine' ? `${guess}dachs list machines` : `${guess}${plural}: ${known.join(', ')}`;
  return fail({ what: `there is no ${what} ${word}`, hint });
}

function words(typed: string): readonly string[] {
  return typed
    .split(',')
    .map((w) => w.trim())
    .filter((w) => w.length > 0);
}
