/** What of the exporter reads and translates metrics, to be bundled as the exporter is. */
import { MLSERVER_TRANSLATION, TRITON_TRANSLATION, VLLM_TRANSLATION } from '@modelwatch/contract';
import { ENVOY } from '../../../exporter/src/sources/servers/gateways';
import { compileTranslation, type Translator } from '../../../exporter/src/sources/servers/translate';

export { readSamples } from '../../../exporter/src/sources/servers/prometheus-text';

function ofEnvoy(): Translator {
  if (!ENVOY.metrics) throw new Error('Envoy has no metrics');
  return ENVOY.metrics;
}

export const MLSERVER = compileTranslation(MLSERVER_TRANSLATION);
export const VLLM = compileTranslation(VLLM_TRANSLATION);
export const TRITON = compileTranslation(TRITON_TRANSLATION);
export const SELDON_ENVOY = ofEnvoy();
