/**
 * Reads PromQL with Prometheus' own grammar, so that no query that we ship can name a metric or label that does not
 * exist. Used by the tests of rules, dashboards and the data source.
 */
import { METRICS, RECORDED } from '@modelwatch/contract';
import { parser } from '@prometheus-io/lezer-promql';

type SyntaxNode = ReturnType<typeof parser.parse>['topNode'];

export interface Matcher {
  readonly label: string;
  readonly operator: string;
  readonly value: string;
}

/** One vector selector of a query. */
export interface Selector {
  readonly metric: string;
  readonly matchers: readonly Matcher[];
}

/** One `by`, `without`, `on`, `ignoring` or `group_left`/`group_right` list. */
export interface Grouping {
  readonly kind: 'by' | 'without' | 'on' | 'ignoring' | 'group_left' | 'group_right';
  readonly labels: readonly string[];
  /** Selectors below the operation that the list belongs to. */
  readonly selectors: readonly Selector[];
  /** A side of the operation has no selector: it is made of constants. */
  readonly constantSide: boolean;
}

export interface Query {
  /** Places that are no PromQL, with the text there. Empty for a good query. */
  readonly errors: readonly string[];
  readonly selectors: readonly Selector[];
  readonly groupings: readonly Grouping[];
  /** Labels that the query makes itself (`label_replace`, `label_join`). */
  readonly madeLabels: readonly string[];
}

/** Puts a value in the place of Grafana's variables where PromQL wants a duration; inside strings they stay. */
function withoutGrafanaVariables(expr: string): string {
  return expr.replace(/\$\{?__(?:rate_interval|interval|range)\}?/g, '5m');
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) children.push(child);
  return children;
}

function descendants(node: SyntaxNode, name: string): SyntaxNode[] {
  if (node.name === name) return [node];
  return childrenOf(node).flatMap((child) => descendants(child, name));
}

class Reader {
  readonly errors: string[] = [];
  readonly groupings: Grouping[] = [];
  readonly madeLabels: string[] = [];

  constructor(private readonly text: string) {}

  private slice(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  private string(node: SyntaxNode): string {
    return this.slice(node).slice(1, -1);
  }

  selectors(node: SyntaxNode): Selector[] {
    return descendants(node, 'VectorSelector').map((selector) => {
      const identifier = selector.getChild('Identifier');
      const matchers = descendants(selector, 'UnquotedLabelMatcher').map((matcher) => {
        const [label, operator, value] = childrenOf(matcher);
        if (!label || !operator || !value) throw new Error(`matcher without three parts: ${this.slice(matcher)}`);
        return { label: this.slice(label), operator: this.slice(operator), value: this.string(value) };
      });
      const byName = matchers.find((matcher) => matcher.label === '__name__' && matcher.operator === '=');
      return { metric: identifier ? this.slice(identifier) : (byName?.value ?? ''), matchers };
    });
  }

  private labels(list: SyntaxNode | null | undefined): string[] {
    return list ? descendants(list, 'LabelName').map((label) => this.slice(label)) : [];
  }

  visit(node: SyntaxNode): void {
    if (node.type.isError) {
      this.errors.push(`at ${node.from}: ${this.text.slice(node.from, node.from + 20) || 'end of query'}`);
    }
    if (node.name === 'AggregateExpr') this.aggregate(node);
    if (node.name === 'BinaryExpr') this.binary(node);
    if (node.name === 'FunctionCall') this.call(node);
    for (const child of childrenOf(node)) this.visit(child);
  }

  private aggregate(node: SyntaxNode): void {
    const modifier = node.getChild('AggregateModifier');
    if (!modifier) {
      this.groupings.push({ kind: 'by', labels: [], selectors: this.selectors(node), constantSide: false });
      return;
    }
    this.groupings.push({
      kind: modifier.getChild('By') ? 'by' : 'without',
      labels: this.labels(modifier.getChild('GroupingLabels')),
      selectors: this.selectors(node),
      constantSide: false,
    });
  }

  private binary(node: SyntaxNode): void {
    const clause = node.getChild('MatchingModifierClause');
    if (!clause) return;
    const sides = [node.firstChild, node.lastChild].map((side) => (side ? this.selectors(side) : []));
    const selectors = sides.flat();
    const constantSide = sides.some((side) => side.length === 0);
    const [matching, carried] = clause.getChildren('GroupingLabels');
    const kind = clause.getChild('On') ? 'on' : 'ignoring';
    this.groupings.push({ kind, labels: this.labels(matching), selectors, constantSide });
    const group = clause.getChild('GroupLeft') ? 'group_left' : 'group_right';
    if (carried) this.groupings.push({ kind: group, labels: this.labels(carried), selectors, constantSide });
  }

  private call(node: SyntaxNode): void {
    const name = node.getChild('FunctionIdentifier');
    if (!name || !['label_replace', 'label_join'].includes(this.slice(name))) return;
    const made = node.getChild('FunctionCallBody')?.getChildren('StringLiteral')[0];
    if (made) this.madeLabels.push(this.string(made));
  }
}

/** Reads one query; never throws for a bad one, it says so in `errors`. */
export function readPromql(expr: string): Query {
  const text = withoutGrafanaVariables(expr);
  const root = parser.parse(text).topNode;
  const reader = new Reader(text);
  reader.visit(root);
  return {
    errors: reader.errors,
    selectors: reader.selectors(root),
    groupings: reader.groupings,
    madeLabels: reader.madeLabels,
  };
}

/** What a scrape or the external labels of a Prometheus put on each series. */
const TARGET_LABELS = ['cluster', 'job', 'instance'];
const CONTAINER = ['namespace', 'pod', 'container', 'id', 'name', 'image', 'node'];
const EXPORTED = ['exported_namespace', 'exported_pod', 'exported_container'];
const GPU = ['namespace', 'pod', 'container', ...EXPORTED, 'gpu', 'UUID', 'GPU_I_ID', 'Hostname'];
/** Of TrustyAI's two services, as their sources say: the one names the model `model`, the other `modelId`. */
const TRUSTYAI = ['namespace', 'model', 'modelId', 'metricName', 'requestName', 'request', 'subcategory'];
const TRUSTYAI_SERIES = [
  ...['meanshift', 'kstest', 'approxkstest', 'fouriermmd', 'comparemeans', 'ksteststreaming', 'jensenshannon', 'mmd'],
  'model_observations_total',
].map((name): [string, readonly string[]] => [`trustyai_${name}`, TRUSTYAI]);
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(TRUSTYAI_SERIES),
  // Of servers that it scrapes by /sd.
  up: ['namespace', 'replica', 'modelwatch_server'],
  kubernetes_build_info: ['git_version'],
  // What the kubelet's cAdvisor, kube-state-metrics, node-exporter and DCGM attach, as their documents and answers say.
  container_cpu_usage_seconds_total: [...CONTAINER, 'cpu'],
  container_cpu_cfs_periods_total: CONTAINER,
  container_cpu_cfs_throttled_periods_total: CONTAINER,
  container_memory_working_set_bytes: CONTAINER,
  container_spec_memory_limit_bytes: CONTAINER,
  container_network_receive_bytes_total: [...CONTAINER, 'interface'],
  container_network_transmit_bytes_total: [...CONTAINER, 'interface'],
  container_fs_reads_bytes_total: [...CONTAINER, 'device'],
  container_fs_writes_bytes_total: [...CONTAINER, 'device'],
  kube_pod_container_resource_limits: ['namespace', 'pod', 'container', 'uid', 'node', 'resource', 'unit'],
  DCGM_FI_DEV_GPU_UTIL: GPU,
  DCGM_FI_PROF_GR_ENGINE_ACTIVE: GPU,
  DCGM_FI_DEV_FB_USED: GPU,
  DCGM_FI_DEV_FB_FREE: GPU,
  ALERTS: ['alertname', 'alertstate', 'severity', 'cluster', 'namespace', 'model', 'pipeline', 'slo', 'owner'],
};

/** Labels that a series of this name can have, or `undefined` for a name that nobody exposes or records. */
export function labelsOfMetric(name: string): readonly string[] | undefined {
  const foreign = FOREIGN[name];
  if (foreign) return [...TARGET_LABELS, ...foreign];
  const recorded = Object.values(RECORDED).find((series) => series.name === name);
  if (recorded) return recorded.labels;
  for (const family of Object.values(METRICS)) {
    const labels: readonly string[] = [...family.labels, ...TARGET_LABELS];
    if (family.type !== 'histogram' && family.name === name) return labels;
    if (family.type !== 'histogram') continue;
    if (name === `${family.name}_bucket`) return [...labels, 'le'];
    if (name === `${family.name}_sum` || name === `${family.name}_count`) return labels;
  }
  return undefined;
}

function selectorProblems(selector: Selector): string[] {
  const labels = labelsOfMetric(selector.metric);
  if (!labels) return [`nobody exposes or records ${selector.metric || 'a selector without a name'}`];
  return selector.matchers
    .filter((matcher) => matcher.label !== '__name__' && !labels.includes(matcher.label))
    .map((matcher) => `${selector.metric} has no label ${matcher.label}`);
}

function groupingProblems(grouping: Grouping, made: readonly string[]): string[] {
  const has = (label: string) =>
    made.includes(label) ||
    grouping.selectors.some((selector) => (labelsOfMetric(selector.metric) ?? []).includes(label));
  const problems = grouping.labels
    .filter((label) => !has(label))
    .map((label) => `${grouping.kind} (${grouping.labels.join(', ')}): no series there has ${label}`);
  const needsCluster = (grouping.kind === 'by' || grouping.kind === 'on') && !grouping.constantSide;
  if (needsCluster && !grouping.labels.includes('cluster')) {
    problems.push(`${grouping.kind} (${grouping.labels.join(', ')}) must carry cluster`);
  }
  return problems;
}

/**
 * Everything that is wrong with a query: syntax, metrics and labels that do not exist, a `by` or `on` that would mix
 * clusters. Empty for a query that may be shipped.
 */
export function promqlProblems(expr: string): string[] {
  const query = readPromql(expr);
  if (query.errors.length > 0) return query.errors.map((error) => `no PromQL ${error}: ${expr}`);
  return [
    ...query.selectors.flatMap(selectorProblems),
    ...query.groupings.flatMap((grouping) => groupingProblems(grouping, query.madeLabels)),
  ];
}
