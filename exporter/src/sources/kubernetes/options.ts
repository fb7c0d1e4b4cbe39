/** What the source needs to know; the configuration has the same fields (and `enabled`, which is not our business). */
export interface KubernetesOptions {
  /** Absent: in-cluster credentials where they exist, else the user's kubeconfig. */
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** Address of the API server, with an optional token file and CA: then nothing else is looked for. */
  readonly server?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly caFile?: string | undefined;
  /** Empty: all namespaces. */
  readonly namespaces: readonly string[];
  /** For the custom resources that teams deploy (`Kind.selected`), not for their pods and servers. Absent: all. */
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Lists, watches and discovery together; after a quiet time twice as many at once. */
  readonly requestsPerSecond: number;
  /** Silence after which a watch counts as dead. */
  readonly staleAfterSeconds: number;
  /** Objects asked for in one page of a list; the source asks for fewer when pages are large. */
  readonly pageSize: number;
  /** Labels and annotations to show, and those that say who owns a model. Default: those that the code reads. */
  readonly labels?: readonly string[];
  readonly annotations?: readonly string[];
  readonly ownerKeys?: readonly string[];
  readonly importanceKeys?: readonly string[];
  /** Labels by which the pods of custom resources are known. */
  readonly podLabels?: readonly string[];
}
