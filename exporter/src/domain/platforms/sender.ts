/** Models of which only their events are known: nobody can say whether they serve. */
import { defined, type Described, type ModelFields } from '../described';
import { NO_FACTS } from '../facts';

/** @param lastSeconds when its last prediction arrived; absent before the first */
export function describeSender(lastSeconds: number | undefined): Described<ModelFields> {
  return {
    facts: { ...NO_FACTS, notWatched: true },
    conditions: [],
    fields: { replicas: {}, traffic: [], pods: [], endpoints: [] },
    ...defined({ contactSeconds: lastSeconds }),
  };
}
