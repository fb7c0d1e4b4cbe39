/** What stands on models and pipelines: kept so that a change of a part finds them without a walk over the fleet. */
import type { Marks } from './marks';
import { MultiMap, parseRefId, refId, type Origin, type RefId } from './ref';
import type { SeldonExperiment, SeldonModel } from './resources';

interface WithSteps {
  /** Names of models. */
  readonly steps: readonly string[];
}

export class DependentIndex {
  private readonly pipelinesOfModel = new MultiMap();
  /** By `model:<id>` or `pipeline:<id>`. */
  private readonly experimentsOfPart = new MultiMap();
  /** By `model:<id>` or `pipeline:<id>`: the models that explain or call it. */
  private readonly modelsResting = new MultiMap();

  pipelineMoved(origin: Origin, id: RefId, previous: WithSteps | undefined, next: WithSteps | undefined): void {
    const { namespace } = parseRefId(id);
    for (const step of previous?.steps ?? []) this.pipelinesOfModel.remove(refId(origin, namespace, step), id);
    for (const step of next?.steps ?? []) this.pipelinesOfModel.add(refId(origin, namespace, step), id);
  }

  experimentMoved(id: RefId, previous: SeldonExperiment | undefined, next: SeldonExperiment | undefined): void {
    for (const part of partsOf(previous)) this.experimentsOfPart.remove(part, id);
    for (const part of partsOf(next)) this.experimentsOfPart.add(part, id);
  }

  modelMoved(id: RefId, previous: SeldonModel | undefined, next: SeldonModel | undefined): void {
    for (const part of dependenciesOf(previous)) this.modelsResting.remove(part, id);
    for (const part of dependenciesOf(next)) this.modelsResting.add(part, id);
  }

  markOfModel(id: RefId, marks: Marks): void {
    for (const pipeline of this.pipelinesOfModel.get(id)) marks.pipelines.add(pipeline);
    this.markOfPart(`model:${id}`, marks);
  }

  markOfPipeline(id: RefId, marks: Marks): void {
    this.markOfPart(`pipeline:${id}`, marks);
  }

  private markOfPart(part: string, marks: Marks): void {
    for (const experiment of this.experimentsOfPart.get(part)) marks.experiments.add(experiment);
    for (const model of this.modelsResting.get(part)) marks.models.add(model);
  }
}

function partsOf(experiment: SeldonExperiment | undefined): readonly string[] {
  if (!experiment) return [];
  const { resourceKind, candidates, mirror, meta } = experiment;
  const names = [...candidates, ...(mirror ? [mirror] : [])].map((part) => part.name);
  return [...new Set(names)].map((name) => `${resourceKind}:${refId('seldon', meta.namespace, name)}`);
}

function dependenciesOf(model: SeldonModel | undefined): readonly string[] {
  if (!model?.dependencies) return [];
  return model.dependencies.map(({ kind, name }) => `${kind}:${refId('seldon', model.meta.namespace, name)}`);
}
