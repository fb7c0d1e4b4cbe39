/** Serving runtimes of KServe. A runtime of the whole cluster has an empty namespace. */
import { family } from './family';

const RUNTIME = ['namespace', 'runtime'] as const;

export const RUNTIME_METRICS = {
  runtimeInfo: family(
    'runtime_info',
    'gauge',
    [...RUNTIME, 'scope', 'multi_model', 'multi_node'],
    'A serving runtime; the value is always 1. One of the whole cluster has no namespace.'
  ),
  runtimeDisabled: family('runtime_disabled', 'gauge', RUNTIME, '1 if no model may use the runtime.'),
  runtimeFormat: family(
    'runtime_format_info',
    'gauge',
    [...RUNTIME, 'format', 'format_version', 'auto_select'],
    'Model formats that the runtime supports, and whether it is taken for a model that names none.'
  ),
  runtimeProtocol: family(
    'runtime_protocol_info',
    'gauge',
    [...RUNTIME, 'protocol'],
    'Inference protocols that the runtime speaks; the value is always 1.'
  ),
  runtimeContainer: family(
    'runtime_container_info',
    'gauge',
    [...RUNTIME, 'container_name', 'image'],
    'Containers that the runtime starts, with their images; the value is always 1.'
  ),
  runtimeModels: family(
    'runtime_models',
    'gauge',
    RUNTIME,
    'Models that use the runtime, by their status. With shards, absent for a runtime of the whole cluster.'
  ),
  runtimeCreated: family(
    'runtime_created_timestamp_seconds',
    'gauge',
    RUNTIME,
    'When the resource of the runtime was created.'
  ),
} as const;
