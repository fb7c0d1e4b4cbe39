/** Memory and models of one replica of a server: once per endpoint. */
import { REPLICA_NUMBERS, type ReplicaNumber } from '@modelwatch/contract';
import type { EndpointView } from '../domain/views';
import type { Row } from './row';
import { known, row } from './text';

export const serverReplicaRows: readonly Row<EndpointView>[] = (Object.keys(REPLICA_NUMBERS) as ReplicaNumber[]).map(
  (number) =>
    row(REPLICA_NUMBERS[number], ({ namespace, server, replica, figures }: EndpointView) =>
      known({ namespace, server, replica }, figures?.[number])
    )
);
