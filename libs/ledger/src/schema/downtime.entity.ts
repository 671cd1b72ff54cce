import { Check, Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** A time in which no instance of the ledger wrote to its database. */
@Entity('downtimes')
@Check('downtimes_end_after_they_begin', 'ended_at > began_at')
export class DowntimeEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', primaryKeyConstraintName: 'downtimes_pkey' })
  id: string;

  /** Last heartbeat before it. */
  @Column('timestamptz', { name: 'began_at' })
  beganAt: Date;

  /** First write after it. */
  @Column('timestamptz', { name: 'ended_at' })
  endedAt: Date;

  /** How many graces it extended. */
  @Column('integer')
  extended: number;
}

/** A downtime as plain data. */
export type Downtime = Pick<DowntimeEntity, keyof DowntimeEntity>;
