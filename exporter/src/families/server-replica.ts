/** Memory and models of one replica of a server. */
import { REPLICA_NUMBERS, type ReplicaNumber } from '@modelwatch/contract';
import type { ServerReplicaView } from '../domain/views';
import type { Row } from './row';
import { known, row } from './text';

export const serverReplicaRows: readonly Row<ServerReplicaView>[] = (
  Object.keys(REPLICA_NUMBERS) as ReplicaNumber[]
).map((number) =>
  row(REPLICA_NUMBERS[number], ({ namespace, server, replica, figures }: ServerReplicaView) =>
    known({ namespace, server, replica }, figures[number])
  )
);
