/** States of InferenceGraphs and TrainedModels that KServe's controllers can write, each as a change of a base object. What comes of each is in states.txt. */
import { no, replicas, yes, type Patch, type State } from './kserve.patch.fixture';

const graph = (change: Patch[string]): Patch => ({ 'InferenceGraph flow': change });

export const GRAPH_STATES: readonly State[] = [
  ['Graph without a status', 'graph', graph({ status: null })],
  ['Graph whose router has no replica, though Ready is True', 'graph', { 'Deployment flow': replicas(0, 1) }],
  [
    'Graph with a hard step that is down',
    'graph',
    {
      'InferenceService base': {
        conditions: { Ready: no(), PredictorReady: no() },
        status: { modelStatus: { copies: { totalCopies: 0 } } },
      },
    },
  ],
  [
    'Graph with one way of a splitter down',
    'graph',
    {
      'InferenceService b': {
        conditions: { Ready: no(), PredictorReady: no() },
        status: { modelStatus: { copies: { totalCopies: 0 } } },
      },
    },
  ],
  ['Graph with a step that nobody deployed', 'graph', { 'InferenceService a': null }],
  [
    'Graph with a hard step into a node all of whose ways are down',
    'graph',
    {
      'InferenceGraph flow': {
        spec: {
          nodes: {
            root: {
              steps: [
                { name: 'then', nodeName: 'split', dependency: 'Hard' },
                { name: 'notify', serviceUrl: 'http://hook.example.com' },
              ],
            },
          },
        },
      },
      'InferenceService a': null,
      'InferenceService b': null,
    },
  ],
  [
    'Graph that was stopped',
    'graph',
    graph({
      metadata: { annotations: { 'serving.kserve.io/stop': 'true' } },
      conditions: { Ready: no('Stopped'), Stopped: yes() },
    }),
  ],
  ['Graph with a router of a newer KServe', 'graph', graph({ spec: { nodes: { split: { routerType: 'Bandit' } } } })],
  [
    'TrainedModel without memory',
    'graph',
    {
      'TrainedModel tree': {
        conditions: {
          Ready: no('MemoryResourceNotAvailable'),
          MemoryResourceAvailable: no('MemoryResourceNotAvailable', 'not enough memory'),
        },
      },
    },
  ],
  ['TrainedModel whose service is gone', 'graph', { 'InferenceService base': null }],
];
