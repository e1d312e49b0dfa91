// Syntax trees without what differs between two texts of one test: places, and empty lines.

/** The tree with places and empty lines left out, at any depth. */
export function bare(tree: unknown): unknown {
  if (Array.isArray(tree)) return tree.map(bare);
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree)
      .filter(([key]) => key !== 'from' && key !== 'to')
      .map(([key, value]) => [key, isComments(key, value) ? withoutGaps(value) : bare(value)]),
  );
}

function isComments(key: string, value: unknown): value is readonly unknown[] {
  return (key === 'before' || key === 'end') && Array.isArray(value);
}

function withoutGaps(comments: readonly unknown[]): readonly unknown[] {
  return comments.filter((text) => text !== '').map(trimmed);
}

// Further lines of a comment are indented with their item.
function trimmed(comment: unknown): unknown {
  return typeof comment === 'string' ? comment.replace(/\n\s*\*/g, '\n *') : comment;
}
