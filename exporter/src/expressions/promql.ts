/** Checks PromQL that somebody wrote, by Prometheus' own grammar, before it becomes a part of a rule. */
import { createRequire } from 'node:module';
import type * as Grammar from '@prometheus-io/lezer-promql' with { 'resolution-mode': 'import' };

// Its types are those of an ES module only.
const { parser } = createRequire(__filename)('@prometheus-io/lezer-promql') as typeof Grammar;
type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

/** Functions that give one number without labels. */
const SCALARS = new Set(['time', 'scalar', 'pi']);
/** What stands around an expression and does not change its type. */
const WRAPPERS = new Set(['ParenExpr', 'UnaryExpr', 'OffsetExpr', 'StepInvariantExpr']);

/** @returns what was expected, when it gives no series; names of functions are known, the types of their arguments are not looked at */
export function promqlProblem(text: string): string | undefined {
  const tree = parser.parse(text);
  let broken: number | undefined;
  tree.iterate({
    enter: ({ type, from }) => {
      if (type.isError) broken ??= from;
    },
  });
  if (broken !== undefined) return `PromQL, which breaks off at character ${broken + 1}`;
  const root = tree.topNode.firstChild;
  return root && isVector(root, text) ? undefined : 'PromQL that gives series, not a number, a text or a range';
}

/**
 * Of an expression over counters how fast they count: each counter in it as a rate over 5 minutes, taken before anything is
 * summed, since a sum of counters falls when one of them begins anew. What is a rate already stays.
 *
 * @param text PromQL without a problem
 */
export function eventRate(text: string): string {
  const selectors: { from: number; to: number }[] = [];
  parser.parse(text).iterate({
    enter: ({ name, from, to }) => {
      if (name === 'MatrixSelector' || name === 'SubqueryExpr') return false;
      if (name !== 'VectorSelector') return true;
      selectors.push({ from, to });
      return false;
    },
  });
  return selectors.reduceRight(
    (query, { from, to }) => `${query.slice(0, from)}rate(${query.slice(from, to)}[5m])${query.slice(to)}`,
    text
  );
}

function isVector(node: SyntaxNode, text: string): boolean {
  const children = childrenOf(node);
  if (WRAPPERS.has(node.name)) return children.some((child) => isVector(child, text));
  if (node.name === 'BinaryExpr') {
    return [children[0], children.at(-1)].some((side) => side !== undefined && isVector(side, text));
  }
  if (node.name === 'FunctionCall') {
    const name = node.firstChild;
    return !SCALARS.has(text.slice(name?.from, name?.to).toLowerCase());
  }
  return node.name === 'VectorSelector' || node.name === 'AggregateExpr';
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(child);
  }
  return children;
}
