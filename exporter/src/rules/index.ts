export {
  buildAccuracyRules,
  buildDriftRules,
  buildQueriedRules,
  buildQueriedSloRules,
  buildRules,
  buildSloRules,
} from './build';
export { DIRECT_KINDS, directGroups, type DirectKind } from './direct';
export { RULE_FORMATS, renderGroups, renderRules, type RenderOptions, type RuleFormat } from './render';
export {
  ACCURACY_PANELS,
  DASHBOARD_UIDS,
  DRIFT_PANELS,
  FAIRNESS_PANELS,
  FLEET_PANELS,
  SLO_PANELS,
  OPTIONAL_PARTS,
  type RuleGroup,
  type RuleOptions,
} from './types';
export type { QueriedSlo } from './slo/queried';
