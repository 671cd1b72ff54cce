import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Digest of the event log up to an event, chained: it depends on all events before. */
@Entity('event_digests')
@Check('event_digests_have_32_bytes', 'length(digest) = 32')
export class EventDigestEntity {
  /** Number of the last event. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'event_digests_pkey' })
  upto: string;

  @Column('bytea')
  digest: Buffer;

  @Column('timestamptz', { name: 'made_at' })
  madeAt: Date;
}
