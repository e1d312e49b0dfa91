// From the groups of a minimal core to a chain: from the wanted symbol down, each link before what
// it leads on to.

import { at } from '../../../base/index.ts';
import type { KconfigModel } from '../model.ts';
import type { SymbolId } from '../names.ts';
import type { Group, GroupKind } from './group.ts';

/** One link: `symbol text`, as in `FS_DAX depends on ZONE_DEVICE`, and the line that says so. */
export interface ReasonLink {
  readonly symbol: string;
  readonly text: string;
  readonly file: string;
  readonly line: number;
  readonly kind: GroupKind | 'question';
}

/** The groups as links, beginning with what is said about the wanted symbols. */
export function chainOf(
  model: KconfigModel,
  wanted: readonly SymbolId[],
  groups: readonly Group[],
): readonly ReasonLink[] {
  const links: ReasonLink[] = [];
  const left = new Set(groups);
  const seen = new Set<SymbolId>();
  const link = (group: Group, symbol: SymbolId): void => {
    left.delete(group);
    const { file, line, kind } = group;
    links.push({ symbol: nameOf(model, symbol), text: group.text(), file, line, kind });
  };
  const visit = (start: SymbolId): void => {
    const stack = [start];
    for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const nodes = nodesAbove(model, id);
      const here = groups.filter(
        (group) =>
          left.has(group) &&
          (group.symbol === id || (group.symbol === -1 && nodes.has(group.node))),
      );
      const choice = model.choiceOf.get(id);
      const around = choice === undefined ? -1 : at(model.nodes, choice).symbol;
      const of = groups.filter((group) => left.has(group) && group.symbol === around);
      for (const group of here) link(group, id);
      const next = [...here.flatMap((group) => group.leads()), ...(of.length > 0 ? [around] : [])];
      stack.push(...next.reverse());
    }
  };
  for (const id of wanted) visit(id);
  for (const group of groups) {
    if (!left.has(group)) continue;
    if (group.symbol !== -1) visit(group.symbol);
    else link(group, at(model.nodes, group.node).symbol);
  }
  return links;
}

// The definitions of a symbol and the blocks around them.
function nodesAbove(model: KconfigModel, id: SymbolId): ReadonlySet<number> {
  const found = new Set<number>();
  for (const index of model.definitions.get(id) ?? []) {
    for (let node = index; node >= 0 && !found.has(node); node = at(model.nodes, node).parent) {
      found.add(node);
    }
  }
  return found;
}

function nameOf(model: KconfigModel, id: SymbolId): string {
  if (id === -1) return 'all of it';
  const [index] = model.definitions.get(id) ?? [];
  if (index === undefined) return model.names.text(id);
  const { kind, body } = at(model.nodes, index);
  if (kind !== 'choice') return model.names.text(id);
  return `"${body.prompts[0]?.text ?? 'choice'}"`;
}
