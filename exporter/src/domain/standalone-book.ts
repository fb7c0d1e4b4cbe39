/** Servers outside Kubernetes and their models, as the configuration declares them or the servers list them. */
import { STANDALONE_NAMESPACE } from '@modelwatch/contract';
import type { DependentIndex } from './dependent-index';
import { markNamesakes, type Marks } from './marks';
import type { DeclaredModel, DeclaredServer, EndpointRef, ProbeResult } from './observation';
import { parseRefId, refId, type MultiMap, type RefId } from './ref';

/** Models of one server that nobody declared. */
const MAX_LISTED = 1_000;

function declaredIds(name: string, server: string): readonly [server: RefId, model: RefId] {
  return [refId('standalone', STANDALONE_NAMESPACE, server), refId('standalone', STANDALONE_NAMESPACE, name)];
}

export class StandaloneBook {
  /** Declared models by name, then by server. */
  readonly models = new Map<string, Map<string, DeclaredModel>>();
  /** Servers whose models are those that they list, by name. */
  readonly listing = new Map<string, DeclaredServer>();

  constructor(
    private readonly modelsOfServer: MultiMap,
    private readonly dependents: DependentIndex
  ) {}

  declare(model: DeclaredModel, marks: Marks): void {
    const byServer = this.models.get(model.name) ?? new Map<string, DeclaredModel>();
    byServer.set(model.server, model);
    this.models.set(model.name, byServer);
    this.modelsOfServer.add(...declaredIds(model.name, model.server));
    this.mark(model.name, model.server, marks);
  }

  /** The opposite of `declare`. */
  withdraw(name: string, server: string, marks: Marks): void {
    const byServer = this.models.get(name);
    if (!byServer?.delete(server)) return;
    if (byServer.size === 0) this.models.delete(name);
    this.modelsOfServer.remove(...declaredIds(name, server));
    this.mark(name, server, marks);
  }

  private mark(name: string, ofServer: string, marks: Marks): void {
    const [server, id] = declaredIds(name, ofServer);
    marks.models.add(id);
    marks.servers.add(server);
    marks.targets.add(server);
    markNamesakes(marks.models, id);
    markNamesakes(marks.servers, server);
    this.dependents.markOfModel(id, marks);
  }

  declareServer(server: DeclaredServer, marks: Marks): void {
    this.listing.set(server.server, server);
    const id = refId('standalone', STANDALONE_NAMESPACE, server.server);
    marks.servers.add(id);
    marks.targets.add(id);
    markNamesakes(marks.servers, id);
  }

  /** What a server lists, where nobody declared its models. */
  listed({ server: name }: EndpointRef, { up, error, models }: ProbeResult, marks: Marks): void {
    const server = this.listing.get(name);
    if (!server || !up || error) return;
    const known = new Set(this.modelsOn(name).map((model) => model.name));
    for (const { name: model, parent } of models) {
      if (known.size >= MAX_LISTED) return;
      if (parent !== undefined || known.has(model)) continue;
      known.add(model);
      this.declare({ ...server, name: model }, marks);
    }
  }

  /** The declared models of a server, in the order in which they were declared. */
  modelsOn(server: string): readonly DeclaredModel[] {
    const ids = [...this.modelsOfServer.get(refId('standalone', STANDALONE_NAMESPACE, server))];
    return ids.flatMap((id) => this.models.get(parseRefId(id).name)?.get(server) ?? []);
  }

  /** Somebody declared it, or a model on it. */
  hasServer(name: string): boolean {
    return this.listing.has(name) || this.modelsOn(name).length > 0;
  }
}
