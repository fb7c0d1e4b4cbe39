/** Labels and annotations that users asked to see. */
import type { MetricFamily } from '@modelwatch/contract';
import type { EntityView } from '../domain/views';
import { identity } from './entity';
import type { Row } from './row';
import { openRow } from './text';

type Kind = 'model' | 'server' | 'pipeline';

export function shownRows<K extends Kind, View extends EntityView>(
  kind: K,
  families: Readonly<Record<'labels' | 'annotations', MetricFamily<'namespace' | K>>>
): Row<View>[] {
  return (['labels', 'annotations'] as const).map((key) =>
    openRow(families[key], (view: View) => {
      const shown = view.shown?.[key];
      return shown ? { labels: identity(kind, view), more: shown } : undefined;
    })
  );
}
