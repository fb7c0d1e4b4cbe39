import { parser } from '@prometheus-io/lezer-promql';

/** What Prometheus' own grammar says of an expression: its errors, the labels of every `by` and `on`, selectors without matchers. */
export function inspect(expr: string): { errors: number; groupings: string[]; bareSelectors: string[] } {
  const found = { errors: 0, groupings: [] as string[], bareSelectors: [] as string[] };
  parser.parse(expr).iterate({
    enter: (node) => {
      const text = expr.slice(node.from, node.to);
      if (node.type.isError) found.errors += 1;
      // Labels that a side only lends to the other identify nothing.
      const isLent = /group_(left|right)\s*$/.test(expr.slice(0, node.from));
      if (node.name === 'GroupingLabels' && !isLent) found.groupings.push(text);
      if (node.name === 'VectorSelector' && !/\{.+\}/s.test(text)) found.bareSelectors.push(text);
    },
  });
  return found;
}
