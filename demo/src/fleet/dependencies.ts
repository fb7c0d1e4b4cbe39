/** What models need besides their servers: a feature store, which the demo plays at the port of its switches. */

export const FEATURE_STORE_PATH = '/dependencies/features';

/** As `servers.dependencies` of the exporter's configuration declares them. */
export function dependenciesAt(controlUrl: string) {
  return [
    {
      name: 'features',
      namespace: 'logistics',
      role: 'feature_store' as const,
      http: { url: `${controlUrl}${FEATURE_STORE_PATH}`, expect: [{ path: 'status', equals: 'UP' }] },
      of: ['eta-courier', 'route-cost'].map((model) => ({ namespace: 'logistics', model })),
    },
  ];
}
