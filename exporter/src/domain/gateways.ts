/**
 * What the gateways of Seldon Core 2 measured, by gateway replica: requests to pipelines, and how long requests for models
 * took at the proxy. A runtime works for its own namespace, so its gateways say nothing of others.
 *
 * Requests over REST pass the proxy (Envoy) and then the pipeline gateway: where a proxy of the namespace is measured its
 * counts stand and the gateway's are left out, since it does not count what failed; never both. See decision 13.
 */
import { endpointKey, groupBy } from './endpoints';
import type { EndpointRef, HistogramSample, InferenceSample, PipelineSample } from './observation';
import { MultiMap } from './ref';
import type { PipelineCalls, RouteMeasures } from './views';

/** Names of what a gateway says something new of. */
export interface GatewayNews {
  readonly namespace: string;
  readonly pipelines: readonly string[];
  readonly models: readonly string[];
}

interface Measures {
  readonly ref: EndpointRef;
  /** In front of the other gateways. */
  readonly proxy: boolean;
  readonly pipelines: ReadonlyMap<string, readonly PipelineSample[]>;
  readonly models: ReadonlyMap<string, readonly InferenceSample[]>;
}

const NOTHING: Pick<Measures, 'pipelines' | 'models'> = { pipelines: new Map(), models: new Map() };

export class GatewayBook {
  private readonly measures = new Map<string, Measures>();
  private readonly ofNamespace = new MultiMap();

  measured(
    ref: EndpointRef,
    proxy: boolean,
    samples: readonly InferenceSample[],
    pipelines: readonly PipelineSample[]
  ): GatewayNews {
    const key = endpointKey(ref);
    const before = this.measures.get(key);
    const after: Measures = {
      ref,
      proxy,
      pipelines: groupBy(pipelines, ({ pipeline }) => pipeline),
      models: groupBy(samples, ({ model }) => model),
    };
    const cameFirst = proxy && !this.hasProxy(ref.namespace);
    this.measures.set(key, after);
    this.ofNamespace.add(ref.namespace, key);
    return this.news(ref.namespace, before, after, cameFirst);
  }

  /** The replica is gone, or measures nothing any more. */
  forget(ref: EndpointRef): GatewayNews | undefined {
    const key = endpointKey(ref);
    const before = this.measures.get(key);
    if (!before) return undefined;
    this.measures.delete(key);
    this.ofNamespace.remove(ref.namespace, key);
    return this.news(ref.namespace, before, undefined, before.proxy && !this.hasProxy(ref.namespace));
  }

  /** Requests to the pipeline, by replica and method; empty: nobody measured any. */
  ofPipeline(namespace: string, pipeline: string): readonly PipelineCalls[] {
    const proxied = this.hasProxy(namespace);
    return this.in(namespace).flatMap(({ ref: { replica }, proxy, pipelines }) =>
      (pipelines.get(pipeline) ?? []).flatMap(({ method, requests, responses, duration }) =>
        method === 'rest' && proxied && !proxy
          ? []
          : [{ replica, method, requests, responses, ...durationOf(duration) }]
      )
    );
  }

  ofModel(namespace: string, model: string): readonly RouteMeasures[] {
    return this.in(namespace).flatMap(({ ref: { replica }, models }) => {
      const samples = models.get(model);
      return samples ? [{ replica, samples }] : [];
    });
  }

  private hasProxy(namespace: string): boolean {
    return this.in(namespace).some(({ proxy }) => proxy);
  }

  private in(namespace: string): readonly Measures[] {
    return [...this.ofNamespace.get(namespace)].sort().flatMap((key) => this.measures.get(key) ?? []);
  }

  /** @param all a proxy came or went: of every pipeline of the namespace another counts now */
  private news(
    namespace: string,
    before: Measures | undefined,
    after: Measures | undefined,
    all: boolean
  ): GatewayNews {
    const [old, now] = [before ?? NOTHING, after ?? NOTHING];
    return {
      namespace,
      pipelines: all
        ? [...new Set([old, now, ...this.in(namespace)].flatMap(({ pipelines }) => [...pipelines.keys()]))]
        : changed(old.pipelines, now.pipelines),
      models: changed(old.models, now.models),
    };
  }
}

function durationOf(duration: HistogramSample | undefined): { readonly duration?: HistogramSample } {
  return duration ? { duration } : {};
}

function changed(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): readonly string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)));
}
