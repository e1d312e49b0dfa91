// device-dax: memory as a character device that can only be mapped. Its dax device has no
// operations, is dead from the start, and lives while the driver is bound.
// @source drivers/dax/bus.c __devm_create_dev_dax() v6.12

import type { DaxDevice } from '../../include/linux/dax.ts';
import { E } from '../../include/linux/errno.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { deref } from '../../oops.ts';
import { takeDaxAnswer } from '../../series/alloc-dax-result.ts';
import { Shared } from '../../shared.ts';
import { fails, get, type Op, set } from '../../steps.ts';
import { type Devres, devmMap, devm_request_mem_region, NdGlobals } from '../nvdimm/nd.ts';
import {
  alloc_dax,
  kill_dax,
  put_dax,
  run_dax,
  set_dax_nocache,
  set_dax_nomc,
  set_dax_synchronous,
} from './super.ts';

/** One device-dax instance: `dax4.0`. Addresses and sizes in bytes. */
export interface DevDax {
  readonly name: string;
  /** Physical address of the first byte of data. */
  readonly start: number;
  readonly size: number;
  /** Alignment of mappings, and size of the pages that they consist of. */
  readonly align: number;
  readonly dax_dev: DaxDevice;
}

/** What describes an instance before it exists. */
export type DevDaxData = Omit<DevDax, 'dax_dev'>;

/** Globals of the dax bus: registered instances by name, and those with a driver bound. */
export class DaxBus {
  readonly devices: Shared<readonly DevDax[]> = new Shared('devices of the dax bus', []);
  /** Ranges of dax regions that instances have, by physical address of their start. */
  readonly ranges: Shared<string | undefined> = new Shared('ranges of dax regions', undefined);
  /** Names of instances whose character device exists. */
  readonly bound: Shared<readonly string[]> = new Shared('bound dax devices', []);
}

/** Registers an instance, or gives an error number. The parent's `devres` unregisters it. */
export function* devm_create_dev_dax(
  linux: Linux,
  data: DevDaxData,
  devres: Devres,
): Op<DevDax | number> {
  if (yield* fails('kzalloc dev_dax')) return -E.ENOMEM;
  const { devices, ranges } = subsystem(linux, DaxBus);
  if (yield* fails('alloc_dev_dax_range')) return -E.ENOMEM;
  yield* set(ranges, data.start, data.name);
  if (yield* fails('kmemdup pgmap')) {
    yield* set(ranges, data.start, undefined);
    return -E.ENOMEM;
  }
  // No operations: mmap of the character device is the only access, and a user's own.
  const answer = yield* alloc_dax(linux, undefined);
  const result = yield* takeDaxAnswer(linux, 'dev_dax', answer);
  if (result.kind !== 'device') {
    yield* set(ranges, data.start, undefined);
    return result.kind === 'fails' ? result.rc : -E.EOPNOTSUPP;
  }
  const dax_dev = deref(result.dax, 'set_dax_synchronous');
  yield* set_dax_synchronous(dax_dev);
  yield* set_dax_nocache(dax_dev);
  yield* set_dax_nomc(dax_dev);
  yield* kill_dax(linux, dax_dev);
  const dev_dax: DevDax = { ...data, dax_dev };
  if (yield* fails('device_add dev_dax')) {
    // kill_dev_dax(), and dev_dax_release() with the last reference of the device. Neither of them
    // frees the range: free_dev_dax_ranges() is called where a registered instance goes.
    yield* kill_dax(linux, dax_dev);
    yield* put_dax(linux, dax_dev);
    return -E.ENOMEM;
  }
  yield* set(devices, 0, [...(yield* get(devices)), dev_dax]);
  const rc = yield* devres.addOrReset('unregister_dev_dax', () =>
    unregister_dev_dax(linux, dev_dax),
  );
  if (rc !== 0) return rc;
  // What was registered before goes with the parent's devres.
  return (yield* fails('devm_register_dax_mapping')) ? -E.ENOMEM : dev_dax;
}

/** @source drivers/dax/bus.c unregister_dev_dax() kill_dev_dax() dev_dax_release() v6.12 */
function* unregister_dev_dax(linux: Linux, dev_dax: DevDax): Op<void> {
  yield* kill_dax(linux, dev_dax.dax_dev);
  const { devices, ranges } = subsystem(linux, DaxBus);
  yield* set(
    devices,
    0,
    (yield* get(devices)).filter((one) => one !== dev_dax),
  );
  yield* set(ranges, dev_dax.start, undefined);
  yield* put_dax(linux, dev_dax.dax_dev);
}

/**
 * The device_dax driver binds: memory is mapped, the character device made, and the instance lives.
 * 0 or an error number, with what `devres` holds to be released by the caller.
 * @source drivers/dax/device.c dev_dax_probe() v6.12
 */
export function* dev_dax_probe(linux: Linux, dev_dax: DevDax, devres: Devres): Op<number> {
  const { bound } = subsystem(linux, DaxBus);
  const { name, start } = dev_dax;
  const globals = subsystem(linux, NdGlobals);
  if (!(yield* devm_request_mem_region(globals, devres, { start, name }))) return -E.EBUSY;
  const map = { start, what: 'devm_memremap_pages dev_dax' };
  if (!(yield* devmMap(globals, devres, map))) return -E.ENOMEM;
  if (yield* fails('cdev_add dev_dax')) return -E.ENOMEM;
  yield* set(bound, 0, [...(yield* get(bound)), name]);
  const rc = yield* devres.addOrReset('dev_dax_cdev_del', function* () {
    yield* set(
      bound,
      0,
      (yield* get(bound)).filter((one) => one !== name),
    );
  });
  if (rc !== 0) return rc;
  yield* run_dax(dev_dax.dax_dev);
  return yield* devres.addOrReset('dev_dax_kill', () => kill_dax(linux, dev_dax.dax_dev));
}

/** The instance whose character device has that name, `dax4.0`; undefined where there is none. */
export function dev_dax_by_name(linux: Linux, name: string): DevDax | undefined {
  const { bound, devices } = subsystem(linux, DaxBus);
  if (!bound.peek().includes(name)) return undefined;
  return devices.peek().find((one) => one.name === name);
}
