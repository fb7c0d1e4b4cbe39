/** What an entity says of the components that it needs. */
import type { PlatformRole } from '@modelwatch/contract';
import type { Described } from '../described';
import { cause, type Cause } from '../facts';
import { needsOf, type ComponentPlatform, type ComponentView, type Waiting } from './known';

export interface Subject {
  readonly platform: ComponentPlatform;
  readonly kind: Waiting;
}

export type DownFor = (role: PlatformRole) => ComponentView | undefined;

/**
 * What is down in the way of requests degrades, and no more: that no replica of a gateway is ready was measured, that
 * requests fail was not. What is down in the way of a change is only said where a change is awaited.
 */
export function withComponents<Fields>(
  described: Described<Fields>,
  { platform, kind }: Subject,
  down: DownFor
): Described<Fields> {
  const { toCome, toAnswer } = needsOf(platform, kind);
  const roles = kind === 'model' && described.facts.deleting ? [...toCome, 'model_gateway' as const] : toCome;
  const awaits = told(roles, down);
  const impaired = told(toAnswer, down);
  if (!awaits && !impaired) return described;
  return {
    ...described,
    facts: {
      ...described.facts,
      ...(awaits ? { awaits } : {}),
      ...(impaired ? { impaired: [...(described.facts.impaired ?? []), impaired] } : {}),
    },
  };
}

function told(roles: readonly PlatformRole[], down: DownFor): Cause | undefined {
  const views = roles.flatMap((role) => down(role) ?? []);
  return views.length === 0 ? undefined : cause('component_down', views.map(words).join(', '));
}

function words({ namespace, name, replicas: { desired } }: ComponentView): string {
  const of = desired === undefined ? 'no replica' : `0 of ${desired} replicas`;
  return `${name} in ${namespace}: ${of} ready`;
}
