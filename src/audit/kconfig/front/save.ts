// Writes the configuration file; the one before stays beside it.
// @source scripts/kconfig/confdata.c conf_write() v6.1, v6.12

import { conf_write } from '../conf/write-config.ts';
import { conf_get_configname, conf_message } from './config-files.ts';
import type { RunContext } from './config-files.ts';

/** False where it cannot be written. */
export function saveConfig(context: RunContext): boolean {
  const { conf, host, terminal } = context;
  const name = conf_get_configname(host);
  if (name === '') {
    terminal.complain('config name is empty\n');
    return false;
  }
  if (host.isFolder(name)) {
    terminal.complain(`${name}: Is a directory\n`);
    return false;
  }
  if (!host.makeParent(name)) return false;
  const text = conf_write(conf);
  conf.changed = false;
  if ((host.environment['KCONFIG_OVERWRITECONFIG'] ?? '') !== '') {
    if (!host.write(name, text)) return false;
  } else {
    const old = host.read(name);
    if (old === text) {
      conf_message(context, `No change to ${name}`);
      return true;
    }
    if (!host.write(`${name}.tmp`, text)) return false;
    host.rename(name, `${name}.old`);
    if (!host.rename(`${name}.tmp`, name)) return false;
  }
  conf_message(context, `configuration written to ${name}`);
  return true;
}
