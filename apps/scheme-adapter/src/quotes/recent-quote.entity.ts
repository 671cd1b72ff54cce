import type { QuoteDto } from '@level-one/peers';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A quote that was got through this scheme adapter. */
@Entity('recent_quotes')
@Index('recent_quotes_by_expiry', ['expiresAt'])
export class RecentQuote {
  /** UUID in lower case. */
  @PrimaryColumn('uuid', { name: 'payment_id' })
  paymentId: string;

  @Column('json')
  answer: Omit<QuoteDto, 'expiresAt' | 'status'>;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** Its payment was executed. */
  @Column('boolean', { name: 'is_used' })
  isUsed: boolean;
}
