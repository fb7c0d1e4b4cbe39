import { METRICS } from '@modelwatch/contract';
import type { RuntimeView } from '../domain/runtime-index';
import type { Row } from './row';
import { known, row } from './text';

const id = ({ namespace, name }: RuntimeView) => ({ namespace, runtime: name });

export const runtimeRows: readonly Row<RuntimeView>[] = [
  row(METRICS.runtimeInfo, (view: RuntimeView) => [
    {
      labels: {
        ...id(view),
        scope: view.scope,
        multi_model: String(view.multiModel),
        multi_node: String(view.multiNode),
      },
      value: 1,
    },
  ]),
  row(METRICS.runtimeDisabled, (view: RuntimeView) => known(id(view), Number(view.disabled))),
  row(METRICS.runtimeFormat, (view: RuntimeView) => {
    const seen = new Map<string, { format: string; format_version: string; auto_select: string }>();
    for (const { name, version = '', autoSelect } of view.formats) {
      const format = { format: name, format_version: version, auto_select: String(autoSelect) };
      seen.set(Object.values(format).join(' '), format);
    }
    return [...seen.values()].map((format) => ({ labels: { ...id(view), ...format }, value: 1 }));
  }),
  row(METRICS.runtimeProtocol, (view: RuntimeView) =>
    view.protocols.map((protocol) => ({ labels: { ...id(view), protocol }, value: 1 }))
  ),
  row(METRICS.runtimeContainer, (view: RuntimeView) =>
    view.containers.map(({ name, image = '' }) => ({ labels: { ...id(view), container_name: name, image }, value: 1 }))
  ),
  row(METRICS.runtimeModels, (view: RuntimeView) => known(id(view), view.models)),
  row(METRICS.runtimeCreated, (view: RuntimeView) => known(id(view), view.createdSeconds)),
];
