// dachs kconfig --probe: what a real toolchain answers to the Kconfig of a tree, as a profile.

import { type Answer, EXIT, jsonText } from '../../answer/index.ts';
import { ok, type Result } from '../../base/index.ts';
import { profileFile } from '../../forms/index.ts';
import { openProgress, probeToolchain } from '../../host/index.ts';
import { type KconfigTyped, kconfigPort } from './kconfig-subject.ts';

/** Options of a probe as they were typed. */
export interface ProbeTyped extends KconfigTyped {
  readonly cross?: string;
  readonly quiet?: boolean;
}

/** Runs the toolchain with every question of the architecture's Kconfig. */
export async function kconfigProbeCommand(
  path: string,
  options: ProbeTyped,
): Promise<Result<Answer>> {
  const place = kconfigPort(path, options);
  if (!place.ok) return place;
  const progress = openProgress(options.quiet ?? false);
  try {
    const record = await probeToolchain({
      tree: path,
      port: place.value.port,
      progress: progress.step,
      ...(options.cross === undefined ? {} : { crossCompile: options.cross }),
    });
    if (!record.ok) return record;
    return ok({ text: jsonText(profileFile(record.value)), exit: EXIT.asExpected });
  } finally {
    progress.stop();
  }
}
