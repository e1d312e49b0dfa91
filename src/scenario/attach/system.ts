// One system that drivers attach on: a tree, its configuration, and what the CPU is. Two systems
// that answer alike whatever a driver asks are one to it.

import { present } from '../../base/index.ts';
import { type Machine, machineById } from '../../hw/index.ts';
import {
  believesAliasing,
  defaultConfig,
  type ForcedGate,
  type KernelConfig,
  type Linux,
  type ReleaseId,
  type SeriesRules,
  start_kernel,
} from '../../kernel/index.ts';

/** What a kernel is booted from. */
export interface AttachSystem {
  readonly release: ReleaseId;
  readonly rules: SeriesRules;
  /** Id of a machine. */
  readonly machine: string;
  readonly config: Pick<KernelConfig, 'DAX' | 'FS_DAX'>;
  readonly gate: ForcedGate;
}

/**
 * Boots kernels on machines of its own. No cache is used while devices attach, so all kernels of
 * one machine share its hardware: building caches line by line takes longer than an attach.
 */
export class Beds {
  readonly #known = new Map<string, Bed>();

  /** A kernel with nothing attached. */
  boot(system: AttachSystem): Linux {
    const bed = this.#bed(system.machine);
    const { release, rules, gate, config } = system;
    const linux = start_kernel({
      machine: bed.machine,
      release,
      rules,
      gate,
      config: { ...bed.config(release), ...config },
      cpu_dcache_is_aliasing: bed.aliases,
      ...(bed.former && { former: bed.former }),
    });
    bed.former ??= linux;
    return linux;
  }

  #bed(id: string): Bed {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const machine = present(machineById(id), `machine ${id}`);
    const both = {
      '6.1': defaultConfig(machine, '6.1', { fsDax: true }),
      '6.12': defaultConfig(machine, '6.12', { fsDax: true }),
    };
    const aliases = believesAliasing(machine, '6.12');
    const bed = {
      machine,
      aliases,
      config: (release: ReleaseId) => both[release],
      former: undefined,
    };
    this.#known.set(id, bed);
    return bed;
  }
}

/** A machine, what its ports say of it, and a kernel that has run on it. */
interface Bed {
  readonly machine: Machine;
  readonly aliases: boolean;
  config(release: ReleaseId): KernelConfig;
  former: Linux | undefined;
}

/** Questions about the system that kernel text asks, with the answers it was given. */
export type Asked = Map<string, unknown>;

const QUESTIONS = [
  'release',
  'is_6_12',
  'gate',
  'cpu_dcache_is_aliasing',
  'refused_by_name',
  'PAGE_SIZE',
] as const;

/**
 * The kernel as text sees it that is watched: what it asks about the system is noted in `asked`,
 * and operations that it performs at once go through `now`.
 */
export function watched(linux: Linux, asked: Asked, now: Linux['now']): Linux {
  const noting = <T extends object>(record: T, prefix: string): T =>
    new Proxy(record, {
      get(target, key): unknown {
        const value: unknown = Reflect.get(target, key);
        asked.set(`${prefix}${String(key)}`, value);
        return value;
      },
    });
  const rules = noting(linux.rules, 'rules.');
  const config = noting(linux.config, 'config.');
  const questions: ReadonlySet<unknown> = new Set(QUESTIONS);
  return new Proxy(linux, {
    get(target, key): unknown {
      if (key === 'rules') return rules;
      if (key === 'config') return config;
      if (key === 'now') return now;
      const value: unknown = Reflect.get(target, key);
      if (questions.has(key)) asked.set(String(key), value);
      return value;
    },
  });
}

/** Whether a kernel would have answered all those questions the same. */
export function answersAlike(linux: Linux, asked: Asked): boolean {
  for (const [question, answer] of asked) if (answerTo(linux, question) !== answer) return false;
  return true;
}

function answerTo(linux: Linux, question: string): unknown {
  if (question.startsWith('rules.')) return Reflect.get(linux.rules, question.slice(6));
  if (question.startsWith('config.')) return Reflect.get(linux.config, question.slice(7));
  return Reflect.get(linux, question);
}
