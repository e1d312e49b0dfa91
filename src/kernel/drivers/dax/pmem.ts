// A namespace in dax mode as a device-dax instance. @source drivers/dax/pmem.c v6.12

import { E } from '../../include/linux/errno.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { fails, type Op, set } from '../../steps.ts';
import { Devres, devm_request_mem_region, type NdNamespace, NdGlobals } from '../nvdimm/nd.ts';
import { pfnOffset } from '../nvdimm/pfn_devs.ts';
import { dev_dax_probe, devm_create_dev_dax } from './bus.ts';

/**
 * Binds dax_pmem and then device_dax to a namespace: 0 or an error number. An instance stays
 * registered, and dead, where its own driver fails.
 * @source drivers/dax/pmem.c __dax_pmem_probe() dax_pmem_probe() v6.12
 */
export function* dax_pmem_probe(linux: Linux, namespace: NdNamespace): Op<number> {
  const { region } = namespace;
  const devres = new Devres();
  const driver = new Devres();
  const offset = pfnOffset(linux, namespace, 'dev');
  if (yield* fails('devm_namespace_enable')) return -E.EBUSY;
  if (yield* fails('nvdimm_setup_pfn')) return -E.EIO;
  const globals = subsystem(linux, NdGlobals);
  // The superblock; the instance's driver requests the data.
  const info = { start: region.start, name: `namespace${region.id}.0` };
  if (!(yield* devm_request_mem_region(globals, devres, info))) return -E.EBUSY;
  const data = {
    name: `dax${region.id}.0`,
    start: region.start + offset,
    size: region.size - offset,
    align: namespace.align,
  };
  if (yield* fails('kzalloc dax_region')) {
    yield* devres.releaseAll();
    return -E.ENOMEM;
  }
  const dev_dax = yield* devm_create_dev_dax(linux, data, devres);
  if (typeof dev_dax === 'number') {
    yield* devres.releaseAll();
    return dev_dax;
  }
  const rc = yield* dev_dax_probe(linux, dev_dax, driver);
  if (rc !== 0) yield* driver.releaseAll();
  yield* set(namespace.drvdata, 0, {
    name: data.name,
    size: data.size,
    devres: [driver, devres],
    *detach(): Op<void> {
      yield* driver.releaseAll();
      yield* devres.releaseAll();
    },
  });
  return 0;
}
