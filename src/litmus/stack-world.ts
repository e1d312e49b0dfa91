// The init block of a test that runs on a kernel -> the system that is set up for its threads.

import type { InitItem, LitmusFile, Word } from './ast.ts';
import type { Reporter } from './reporter.ts';
import type { StackAddress, StackProgram } from './stack-program.ts';
import type { AddressInfo, FileInfo, World } from './world-types.ts';

/** The system; what cannot be is noted. */
export function stackProgram(world: World, reporter: Reporter, file: LitmusFile): StackProgram {
  const { gate, design } = world;
  for (const one of world.files.values()) checkFile(world, one, { reporter, file });
  for (const { name, lines } of world.pages.values()) {
    const isWide = lines.some(({ cells }) => cells.some((value) => value > MOST_BYTE));
    if (!isWide) continue;
    const what = `a cell of ${name} is more than ${MOST_BYTE}`;
    reporter.add(wordOf(file, name), what, 'cells of files are bytes');
  }
  return {
    devices: [...world.devices.values()].map(({ parts, ...device }) => ({
      ...device,
      parts: parts.map(({ name }) => name),
    })),
    mounts: [...world.mounts.values()].map(({ device, ...mount }) => ({
      ...mount,
      device: device.name,
    })),
    files: [...world.files.values()].flatMap(({ name, mount, pages, options }) => {
      if (mount) {
        return [{ name, mount: mount.name, pages: pages.map((page) => page.name), options }];
      }
      const hint = 'here a kernel runs: put it on a mount';
      reporter.add(wordOf(file, name), `the file ${name} is on no mount`, hint);
      return [];
    }),
    addresses: [...world.addresses.values()].flatMap(
      (address) => stackAddress(world, address, { reporter, file }) ?? [],
    ),
    processes: world.processes,
    after: world.after,
    ...(gate === undefined ? {} : { gate }),
    ...(design === undefined ? {} : { design }),
    without: world.without,
    failAnywhere: world.failAnywhere,
  };
}

/** A cell of a file is a byte. */
const MOST_BYTE = 255;

// A page is in one file, once; and a file is open only where its file system is mounted.
function checkFile(
  world: World,
  { name, mount, pages, options }: FileInfo,
  { reporter, file }: { readonly reporter: Reporter; readonly file: LitmusFile },
): void {
  const at = wordOf(file, name);
  const files = [...world.files.values()];
  const twice = pages.find(
    (page) => files.flatMap((one) => one.pages.filter((other) => other === page)).length > 1,
  );
  if (twice) {
    reporter.add(
      at,
      `the page ${twice.name} is in a file already`,
      'declare a page for each place',
    );
  }
  if (!mount || options.has('closed')) return;
  const { device, unmounted } = mount;
  if (device.detached) {
    const hint = 'a thread can attach the device, but nobody has made a file system there';
    reporter.add(at, `${device.name} is detached, and ${name} on it`, hint);
  } else if (unmounted) {
    const hint = `an open file keeps it mounted: file ${name} = ... on ${mount.name}, closed;`;
    reporter.add(at, `${mount.name} is unmounted, and ${name} open on it`, hint);
  }
}

function stackAddress(
  world: World,
  address: AddressInfo,
  { reporter, file }: { readonly reporter: Reporter; readonly file: LitmusFile },
): StackAddress | undefined {
  const { name, page, maker, colour, uncached, unmapped, isPrivate, sync } = address;
  const at = wordOf(file, name);
  const user = `a kernel runs and has its own: int *${name} = user(${page.name});`;
  if (maker !== 'user') {
    reporter.add(at, `'${name}' is an address of the kernel`, user);
    return undefined;
  }
  if (uncached) reporter.add(at, `'${name}' cannot be made uncached`, 'the kernel decides that');
  const owner = [...world.files.values()].find((one) => one.pages.includes(page));
  if (!owner) {
    const hint = `declare one: file f = ${page.name} on m;`;
    reporter.add(at, `the page ${page.name} is in no file`, hint);
    return undefined;
  }
  return {
    name,
    file: owner.name,
    page: page.name,
    process: processOf(world, address, { reporter, file }),
    ...(colour === undefined ? {} : { colour }),
    unmapped,
    isPrivate,
    sync,
  };
}

// A mapping belongs to the process of the threads that it is passed to.
function processOf(
  world: World,
  { name }: AddressInfo,
  { reporter, file }: { readonly reporter: Reporter; readonly file: LitmusFile },
): number {
  const users = file.threads.filter(({ params }) => params.some((p) => p.name.text === name));
  const processes = new Set(users.map((thread) => world.processes.get(thread.name.text) ?? 0));
  if (processes.size > 1) {
    const hint = 'declare one for each: a mapping is of one process';
    reporter.add(wordOf(file, name), `'${name}' is passed to several processes`, hint);
  }
  const [first] = processes;
  return first ?? 0;
}

function wordOf(file: LitmusFile, name: string): Word {
  const isOf = (item: InitItem) => 'name' in item && item.name.text === name;
  const item = file.init.items.find(isOf);
  return item && 'name' in item ? item.name : file.name;
}
