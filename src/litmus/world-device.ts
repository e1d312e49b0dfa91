// Devices of the init block, resolved.

import type { InitItem, Word } from './ast.ts';
import { suggestion } from './nearest.ts';
import type { Reporter } from './reporter.ts';
import type { AnyDeviceKind, DeviceInfo, Medium, World } from './world-types.ts';

const DEVICES: readonly AnyDeviceKind[] = [
  'pmem',
  'virtio-pmem',
  'dcssblk',
  'virtiofs',
  'device-dax',
  'brd',
  'dm-linear',
  'dm-stripe',
];

const MEDIA: readonly Medium[] = ['adr', 'eadr'];

type DeviceItem = Extract<InitItem, { readonly kind: 'device' }>;

/** Notes a device; those that it is made of are declared above it. */
export function declareDevice(world: World, item: DeviceItem, reporter: Reporter): void {
  const { name, device, args } = item;
  const kind = DEVICES.find((one) => one === device.text);
  if (!kind) {
    const hint = suggestion(device.text, DEVICES, 'devices');
    reporter.add(device, `'${device.text}' is no kind of device`, hint);
  }
  const isMapped = kind === 'dm-linear' || kind === 'dm-stripe';
  const parts = isMapped ? partsOf(world, item, reporter) : [];
  const words = isMapped ? args.filter(({ text }) => !world.devices.has(text)) : args;
  const medium = mediumOf(world, { name: name.text, words, device }, reporter);
  world.devices.set(name.text, {
    name: name.text,
    kind: kind ?? 'pmem',
    medium: medium ?? 'adr',
    detached: args.some(({ text }) => text === 'detached'),
    parts,
  });
}

function partsOf(world: World, item: DeviceItem, reporter: Reporter): readonly DeviceInfo[] {
  const parts = item.args.flatMap(({ text }) => world.devices.get(text) ?? []);
  const least = item.device.text === 'dm-stripe' ? 2 : 1;
  if (parts.length >= least) return parts;
  const what = `${item.name.text} needs ${least === 1 ? 'a device' : 'two devices'} to stand on`;
  const more = least === 1 ? '' : ', pmem1';
  reporter.add(item.device, what, `declare it above: ${item.device.text}(pmem0${more})`);
  return parts;
}

function mediumOf(
  world: World,
  item: { readonly name: string; readonly words: readonly Word[]; readonly device: Word },
  reporter: Reporter,
): Medium | undefined {
  const domain = item.words.find(({ text }) => text !== 'detached');
  const medium = domain ? MEDIA.find((one) => one === domain.text) : 'adr';
  if (domain && medium === undefined) {
    const what = `'${domain.text}' is no persistence domain`;
    reporter.add(domain, what, 'adr: what memory holds survives; eadr: dirty lines too');
  }
  const other = [...world.devices.values()].find((one) => one.medium !== medium);
  if (other && medium) {
    const hint = `${other.name} is ${other.medium}; a test has one persistence domain`;
    reporter.add(domain ?? item.device, `${item.name} is ${medium}`, hint);
  }
  return medium;
}
