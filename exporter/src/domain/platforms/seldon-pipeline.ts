/** Seldon Core 2 Pipelines as facts: three parts report on one (dataflow engine, pipeline gateway, its models). */
import { findCondition, findEnum } from '../conditions';
import { defined, type Described, type PipelineFields, type SourceFreshness } from '../described';
import {
  allBroken,
  BROKEN,
  byStatus,
  commonOf,
  partCauses,
  partsIn,
  unconfirmedParts,
  type PartVerdict,
} from '../dependents';
import { cause, NO_FACTS, type Cause, type Declared, type ServingFacts } from '../facts';
import type { Condition, PipelineGraph, SeldonPipeline } from '../resources';
import {
  PIPELINE_DECLARED,
  PIPELINE_STATES,
  PIPELINE_TERMINATING,
  unknownEnum,
  type PipelineState,
} from './seldon-states';

export interface SeldonPipelineInput {
  readonly pipeline: SeldonPipeline;
  readonly source: SourceFreshness;
  readonly partVerdict: PartVerdict;
  /** State of a step in the model gateway in words, where it is not ready there. */
  readonly outOfModelGateway: (step: string) => string | undefined;
}

export function describeSeldonPipeline(input: SeldonPipelineInput): Described<PipelineFields> {
  const { pipeline, source, partVerdict } = input;
  const { status, steps, graph } = pipeline;
  const condition = findCondition(status, 'PipelineReady') ?? findCondition(status, 'Ready');
  const dataflow = readPart(condition);
  const gateway = readPart(findCondition(status, 'PipelineGwReady'));
  const broken = partsIn(BROKEN, steps, partVerdict);
  return {
    facts: {
      ...NO_FACTS,
      source,
      hasStatus: condition !== undefined,
      ...(dataflow.odd === undefined ? {} : { oddStatus: dataflow.odd }),
      deleting: pipeline.meta.deletedSeconds !== undefined || dataflow.terminating || gateway.terminating,
      declared: together(dataflow, gateway),
      ...fatalOf(gateway, dataflow, broken, input),
      ...unconfirmedParts(steps, partVerdict),
      causes: [
        ...(dataflow.declared === 'failed' ? [cause('other', sayPart('dataflow engine', dataflow))] : []),
        ...partCauses(steps, partVerdict, findCondition(status, 'ModelsReady')),
        ...gatewayCauses(input, broken.length),
      ],
    },
    fields: { steps: [...new Set(steps)], ...defined({ graph }) },
    ...commonOf(pipeline, source, condition),
  };
}

interface Part {
  readonly declared: Declared;
  readonly terminating: boolean;
  readonly state?: PipelineState;
  readonly text?: string;
  readonly odd?: string;
}

/** The state stands in `reason` when the scheduler told it, in `message` when loading or unloading failed. */
function readPart(condition: Condition | undefined): Part {
  const state = findEnum(condition, PIPELINE_STATES);
  const odd =
    state === undefined
      ? (condition?.oddStatus ?? unknownEnum([condition?.reason, condition?.message], 'Pipeline'))
      : undefined;
  const text = freeText(condition, state);
  const told = state === undefined || condition?.status === 'True' ? byStatus(condition) : PIPELINE_DECLARED[state];
  return {
    declared: odd === undefined ? told : 'none',
    terminating: PIPELINE_TERMINATING.includes(state),
    ...defined({ state, text, odd: state === 'PipelineStatusUnknown' ? (text ?? state) : odd }),
  };
}

/** Both reasons of a pipeline come in one message, `gateway's | engine's`, with a filler for the one that is empty. */
function freeText(condition: Condition | undefined, state: string | undefined): string | undefined {
  const parts = [condition?.reason, condition?.message]
    .filter((text) => text !== undefined && text !== state)
    .flatMap((text) => (text ?? '').split(' | '))
    .map((text) => text.trim())
    .filter((text) => text !== '' && text !== '|' && text !== 'Empty reason');
  return [...new Set(parts)].join(', ') || undefined;
}

function sayPart(name: string, { state, text }: Part): string {
  return [name, [state, text].filter(Boolean).join(': ')].filter(Boolean).join(': ');
}

/** Ready is a pipeline when both say so; one that is still being set up holds up the other. */
function together(dataflow: Part, gateway: Part): Declared {
  return dataflow.declared === 'ready' && gateway.declared === 'progressing' ? 'progressing' : dataflow.declared;
}

function fatalOf(
  gateway: Part,
  dataflow: Part,
  broken: readonly string[],
  { pipeline, partVerdict }: SeldonPipelineInput
): Pick<ServingFacts, 'fatal'> {
  if (dataflow.declared === 'ready' && gateway.declared === 'failed') {
    return { fatal: cause('route_not_ready', sayPart('pipeline gateway', gateway)) };
  }
  const blocking = pipeline.graph ? partsIn(BROKEN, mustAnswer(pipeline.graph), partVerdict) : [];
  if (blocking.length > 0) return { fatal: cause('dependency_not_ready', broken.join(', ')) };
  return allBroken(broken, new Set(pipeline.steps).size);
}

/**
 * Steps without which there is no answer: those that the output waits for, as long as every join waits for all its inputs.
 * With any other join, or with cycles, the specification does not tell.
 */
function mustAnswer({ steps, cyclic, outputJoin }: PipelineGraph): readonly string[] {
  const joins = [outputJoin, ...steps.flatMap((step) => [step.inputsJoin, step.triggersJoin])];
  if (cyclic || joins.some((join) => join !== undefined && join !== 'inner')) return [];
  return steps.filter((step) => !step.asynchronous).map((step) => step.name);
}

/** A step whose model serves, and that the model gateway does not feed. */
function gatewayCauses({ pipeline, outOfModelGateway }: SeldonPipelineInput, broken: number): readonly Cause[] {
  if (broken > 0) return [];
  const out = [...new Set(pipeline.steps)].flatMap((step) => {
    const words = outOfModelGateway(step);
    return words === undefined ? [] : [`${step} in the model gateway: ${words}`];
  });
  return out.length === 0 ? [] : [cause('dependency_not_ready', out.join(', '))];
}
