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
  /** Steps from the wanted symbol, from 0: what a link leads on to is one deeper. */
  readonly depth: number;
}

/** The groups as links, beginning with what is said about the wanted symbols. */
export function chainOf(
  model: KconfigModel,
  wanted: readonly SymbolId[],
  groups: readonly Group[],
): readonly ReasonLink[] {
  return new Chain(model, groups).from(wanted);
}

class Chain {
  private readonly model: KconfigModel;
  private readonly groups: readonly Group[];
  private readonly left: Set<Group>;
  private readonly seen = new Set<SymbolId>();
  private readonly links: ReasonLink[] = [];

  constructor(model: KconfigModel, groups: readonly Group[]) {
    this.model = model;
    this.groups = groups;
    // A name that is defined nowhere is told with the line that names it.
    this.left = new Set(groups.filter((group) => group.kind !== 'undefined'));
  }

  from(wanted: readonly SymbolId[]): readonly ReasonLink[] {
    for (const id of wanted) this.visit(id, 0);
    for (const group of this.groups) {
      if (!this.left.has(group)) continue;
      if (group.symbol === -1) this.link(group, at(this.model.nodes, group.node).symbol, 0);
      else this.visit(group.symbol, 0);
    }
    const lone = this.groups.filter((group) => group.kind === 'undefined');
    if (this.links.length === 0) for (const group of lone) this.link(group, group.symbol, 0);
    return this.links;
  }

  // Depth first, so that each link stands near the one that led to it.
  private visit(start: SymbolId, startDepth: number): void {
    const stack = [{ id: start, depth: startDepth }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      const { id, depth } = top;
      if (this.seen.has(id)) continue;
      this.seen.add(id);
      const here = this.about(id);
      for (const group of here) this.link(group, id, depth);
      const choice = this.model.choiceOf.get(id);
      const around = choice === undefined ? -1 : at(this.model.nodes, choice).symbol;
      const leads = here.flatMap((group) => group.leads());
      const next = around === -1 ? leads : [...leads, around];
      stack.push(...next.reverse().map((one) => ({ id: one, depth: depth + 1 })));
    }
  }

  private about(id: SymbolId): readonly Group[] {
    const nodes = nodesAbove(this.model, id);
    const here = this.groups.filter(
      (group) =>
        this.left.has(group) &&
        (group.symbol === id || (group.symbol === -1 && nodes.has(group.node))),
    );
    return [...here].sort((a, b) => rankOf(a) - rankOf(b));
  }

  private link(group: Group, symbol: SymbolId, depth: number): void {
    this.left.delete(group);
    const { file, line, kind } = group;
    const leads = new Set(group.leads());
    const unknown = this.groups
      .filter((one) => one.kind === 'undefined' && one !== group && leads.has(one.symbol))
      .map((one) => `${nameOf(this.model, one.symbol)} ${one.text()}`);
    const text = [group.text(), ...unknown].join('; ');
    this.links.push({ symbol: nameOf(this.model, symbol), text, file, line, kind, depth });
  }
}

// Its own lines first, then those of the blocks around it, then that there is nothing else.
function rankOf({ kind }: Group): number {
  return kind === 'sources' ? 2 : kind === 'block' ? 1 : 0;
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
