// The JSON form of attach functions explored: for each driver and system the ways that were gone
// and what tree and model find, together and alone.

import type { AttachAudit, ComparedSystem, DriverAttach } from '../audit/index.ts';
import { never } from '../base/index.ts';
import type { AttachItem, LearntNode } from '../scenario/index.ts';

/** The object `attach` of an audit: as schemas/attach.schema.json has it. */
export function attachRecord({ nearest, drivers, notCompared }: AttachAudit) {
  const { state, isOwn, differs } = nearest;
  return {
    state: {
      id: state.id,
      title: state.title,
      ownRelease: isOwn,
      differs: differs.map(({ rule, from, to }) => ({
        rule: rule.name,
        file: rule.file,
        state: from,
        tree: to,
      })),
    },
    drivers: drivers.map(driverRecord),
    notCompared: notCompared.map(({ function: name, at }) => ({ function: name, ...at })),
  };
}

function driverRecord({ driver, learnt, systems, calls }: DriverAttach) {
  return {
    driver,
    function: learnt.function,
    file: learnt.at.file,
    line: learnt.at.line,
    automaton: {
      objects: learnt.objects.map(({ protocol, acquire, at }) => ({ protocol, acquire, ...at })),
      nodes: learnt.nodes.map(nodeRecord),
    },
    notChecked: learnt.notChecked,
    calls,
    systems: systems.map(systemRecord),
  };
}

function systemRecord({ id, title, system, model, tree, comparison }: ComparedSystem) {
  return {
    id,
    title,
    machine: system.machine,
    ways: { tree: tree.ends, model: model.ends },
    notChecked: tree.notChecked,
    agree: comparison.agree.map(itemRecord),
    onlyTree: comparison.onlyTree.map(itemRecord),
    onlyModel: comparison.onlyModel.map(itemRecord),
    notComparable: comparison.notComparable.map(itemRecord),
  };
}

function itemRecord({ kind, what, after, why }: AttachItem) {
  return { kind, what, after, why: why ?? null };
}

/** A step; numbers are places in the list of nodes, and -1 is where the walk was cut off. */
function nodeRecord(node: LearntNode) {
  switch (node.kind) {
    case 'call': {
      const { kind, function: name, object, at, outcomes } = node;
      // Absent where the call concerns no object, null where it is given NULL.
      return { kind, function: name, ...at, ...(object === undefined ? {} : { object }), outcomes };
    }
    case 'question': {
      const { at, ...rest } = node;
      return { ...rest, ...at };
    }
    case 'store':
    case 'flag': {
      const { at, ...rest } = node;
      return { ...rest, ...at };
    }
    case 'attached':
    case 'detached':
      return node;
    case 'failed':
      return { kind: node.kind, errno: node.errno ?? null };
    default:
      return never(node, 'node of an automaton');
  }
}
