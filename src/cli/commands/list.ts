// dachs list: what can be named on the command line.

import { type Answer, EXIT, jsonText } from '../../answer/index.ts';
import { ok, type Result } from '../../base/index.ts';
import { findingTypes, ports } from '../../audit/index.ts';
import { congruence, machines } from '../../hw/index.ts';
import { builtInProtocols, namedKernels, shelves } from '../../host/index.ts';
import { primitives, stackPrimitives } from '../../litmus/index.ts';
import { cacheKinds } from '../../verdict/index.ts';
import {
  congruenceList,
  kernelList,
  listRecord,
  machineList,
  portList,
  primitiveItem,
  primitiveList,
  protocolItem,
  protocolList,
  remedyList,
  scenarioList,
  shelfList,
  typeList,
} from '../../report/index.ts';
import { remedies, scenarios } from '../../scenario/index.ts';
import { unknown } from '../selection.ts';

const LISTS = [
  'machines',
  'congruence',
  'kinds',
  'tests',
  'primitives',
  'kernels',
  'scenarios',
  'remedies',
  'types',
  'ports',
  'protocols',
] as const;

/** One list; without a name, what there is to list. */
export function listCommand(
  what: string | undefined,
  options: { readonly json?: boolean },
): Result<Answer> {
  if (what === undefined) {
    const text = options.json ? jsonText(listRecord('lists', LISTS)) : `${LISTS.join('\n')}\n`;
    return ok({ text, exit: EXIT.asExpected });
  }
  const name = LISTS.find((list) => list === what);
  if (name === undefined) return unknown('list', what, LISTS);
  const found = contents(name);
  if (!found.ok) return found;
  const { items, text } = found.value;
  return ok({
    text: options.json ? jsonText(listRecord(name, items)) : text,
    exit: EXIT.asExpected,
  });
}

interface Contents {
  readonly items: readonly unknown[];
  readonly text: string;
}

function contents(name: (typeof LISTS)[number]): Result<Contents> {
  switch (name) {
    case 'machines':
      return ok({ items: machines, text: machineList(machines) });
    case 'congruence':
      return ok({
        items: machines.map((machine) => ({ machine: machine.id, ...congruence(machine) })),
        text: congruenceList(machines),
      });
    case 'kernels': {
      const kernels = namedKernels();
      if (!kernels.ok) return kernels;
      const items = kernels.value.map(({ id, title, sources, notes }) => ({
        id,
        title,
        sources,
        notes: notes ?? [],
      }));
      return ok({ items, text: kernelList(kernels.value) });
    }
    case 'kinds':
      return ok({
        items: cacheKinds.map(({ id, model }) => ({ id, model })),
        text: cacheKinds.map((kind) => `${kind.id}\n`).join(''),
      });
    case 'tests': {
      const found = shelves();
      return ok({ items: found, text: shelfList(found) });
    }
    case 'primitives':
      return ok({
        items: [...primitives, ...stackPrimitives].map(primitiveItem),
        text: primitiveList([...primitives, ...stackPrimitives]),
      });
    case 'scenarios':
      return ok({ items: scenarios, text: scenarioList(scenarios) });
    case 'remedies':
      return ok({ items: remedies, text: remedyList(remedies) });
    case 'types':
      return ok({ items: findingTypes, text: typeList(findingTypes) });
    case 'ports':
      return ok({ items: ports, text: portList(ports) });
    case 'protocols': {
      const found = builtInProtocols();
      if (!found.ok) return found;
      return ok({ items: found.value.map(protocolItem), text: protocolList(found.value) });
    }
  }
}
