// In which configurations a function of a driver is ever called: attributes that is_visible()
// hides, and members of tables that the rest of the kernel calls under some symbol only.

import type { Expr, ListExpr, Unit } from '../flow/index.ts';
import type { Protocol } from '../protocol/index.ts';
import { type Sources, type Trace, Walker } from '../walk/index.ts';

/** Symbols without which nothing calls the function, as far as the file and the protocol tell. */
export function neededToCall(
  unit: Unit,
  name: string,
  protocol: Protocol,
  sources: Sources,
): readonly string[] {
  const members = membersOf(unit, name);
  const byTable = protocol.callbacks
    .filter(({ member }) => members.includes(member))
    .flatMap(({ needs }) => needs);
  const attribute = attributeOf(unit, name);
  const byAttribute = attribute === undefined ? [] : hiddenWithout(unit, attribute, sources);
  return [...new Set([...byTable, ...byAttribute])];
}

/** Table members that a function is the value of: `dev_pagemap_ops.memory_failure`. */
export function membersOf(unit: Unit, name: string): readonly string[] {
  return unit.tables.flatMap((table) => {
    const type = table.type.replace(/^.*\bstruct\s+/, '').trim();
    return namesIn(table.init).flatMap(({ member, value }) =>
      value === name ? [`${type}.${member}`] : [],
    );
  });
}

function namesIn(list: ListExpr): readonly { readonly member: string; readonly value: string }[] {
  return list.items.flatMap(({ designator, value }) => {
    if (value.kind === 'list') return namesIn(value);
    const named = value.kind === 'address' ? value.of : value;
    if (named.kind !== 'name') return [];
    return [{ member: (designator ?? '').replace(/^\./, ''), value: named.name }];
  });
}

/**
 * The device attribute whose show or store this is.
 * @source include/linux/device.h DEVICE_ATTR_RW() v6.12
 */
function attributeOf(unit: Unit, name: string): string | undefined {
  const match = /^(\w+)_(?:show|store)$/.exec(name);
  const attribute = match?.[1];
  const declared = unit.calls.find(
    ({ callee, args }) =>
      /^(?:DEVICE_ATTR|CLASS_ATTR|DRIVER_ATTR)/.test(callee) &&
      (args[0] === attribute || args.includes(name)),
  );
  return declared === undefined ? undefined : declared.args[0];
}

/** Symbols that must be set, else some is_visible() of the file answers 0 for the attribute. */
function hiddenWithout(unit: Unit, attribute: string, sources: Sources): readonly string[] {
  const judges = unit.flows.filter((flow) =>
    membersOf(unit, flow.name).some((member) => member.endsWith('.is_visible')),
  );
  return judges.flatMap((flow) => {
    const walker = new Walker({ protocols: [], sources, maxSteps: 2000 });
    return walker.run(flow, unit).flatMap(({ state, value }) => {
      if (value.kind !== 'int' || value.value !== 0) return [];
      const asked = questions(state.trace);
      const isIt = asked.some(
        ({ text, answer }) => answer && text.includes(`dev_attr_${attribute}.`),
      );
      const off = [...state.config].flatMap(([symbol, on]) => (on ? [] : [symbol]));
      // Hidden by one symbol alone that is not set: then that one is needed.
      return isIt && off.length === 1 && asked.length <= 2 ? off : [];
    });
  });
}

function questions(trace: Trace): readonly { readonly text: string; readonly answer: boolean }[] {
  const found: { text: string; answer: boolean }[] = [];
  for (let one: Trace | undefined = trace; one !== undefined; one = one.before) {
    if (one.step?.kind === 'question') found.push(one.step);
  }
  return found;
}

/** Whether an expression names a field, for a quick look before a walk. */
export function namesField(expr: Expr, field: string): boolean {
  return expr.kind === 'field' && expr.field === field;
}
