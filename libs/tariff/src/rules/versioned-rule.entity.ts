import { Column } from 'typeorm';
import type { QuoteSide, TransferType } from '@level-one/quote';
import type { VersionedRule } from './rule-scope.js';

/**
 * The columns of a rule that keeps its history: one row for each version, of which nothing changes but `validTo`, and
 * that only towards the past of what it was (the database sees to it).
 */
export abstract class VersionedRuleColumns implements VersionedRule {
  abstract id: string;

  /** The same through all versions. */
  @Column('text')
  name: string;

  /** 1 and up. */
  @Column('int')
  version: number;

  /** Null: any. */
  @Column('text', { name: 'transfer_type', nullable: true })
  transferType: TransferType | null;

  /** ISO-4217 alpha-3. */
  @Column('text')
  currency: string;

  /** Whose DFSP it is for; null: both. */
  @Column('text', { nullable: true })
  side: QuoteSide | null;

  /** Null: any. */
  @Column('text', { name: 'payer_identifier', nullable: true })
  payerIdentifier: string | null;

  /** Null: any. */
  @Column('text', { name: 'payee_identifier', nullable: true })
  payeeIdentifier: string | null;

  /** The lowest number goes first. */
  @Column('int')
  priority: number;

  @Column('timestamptz', { name: 'valid_from' })
  validFrom: Date;

  /** No longer in force at this moment; null: until further notice. */
  @Column('timestamptz', { name: 'valid_to', nullable: true })
  validTo: Date | null;
}
