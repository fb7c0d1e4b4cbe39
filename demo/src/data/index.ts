/** The models whose data the demo makes up. */
import { CHARGEBACK } from './chargeback';
import { CHURN } from './churn';
import { DEMAND } from './demand';
import { OFFERS_MODEL } from './offers';
import type { DataModel } from './types';

export const DATA_MODELS: readonly DataModel[] = [CHARGEBACK, CHURN, DEMAND, OFFERS_MODEL];
export { CHAT_MODEL, CHAT_SETTINGS, chatTraining } from './chat';
export { profileFlags } from './profile-flags';
export { trainingCsv } from './training';
export type { DataModel } from './types';
