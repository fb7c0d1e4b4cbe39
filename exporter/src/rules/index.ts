export { buildRules } from './build';
export { RULE_FORMATS, renderRules, type RenderOptions, type RuleFormat } from './render';
export {
  DASHBOARD_UIDS,
  FLEET_PANELS,
  OPTIONAL_PARTS,
  type OptionalPart,
  type RuleGroup,
  type RuleOptions,
} from './types';
