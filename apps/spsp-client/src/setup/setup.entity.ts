import type { SetupResponseDto } from '@level-one/peers';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A payment that was set up: the same request again gets the same answer. */
@Entity('setups')
@Index('setups_by_age', ['createdAt'])
export class Setup {
  /** UUID in lower case. */
  @PrimaryColumn('uuid', { name: 'payment_id' })
  paymentId: string;

  /** Of the request; see `requestFingerprint`. */
  @Column('text')
  fingerprint: string;

  @Column('json')
  response: SetupResponseDto;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
