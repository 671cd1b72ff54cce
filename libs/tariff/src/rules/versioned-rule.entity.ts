import { Column } from 'typeorm';
import type { QuoteSide, TransferType } from '@level-one/quote';
import type { VersionedRule } from './rule-scope.js';

/**
 * Columns of a rule with a history: one row per version, of which only `validTo` can change, and only to an earlier
 * time (enforced by the database).
 */
export abstract class VersionedRuleColumns implements VersionedRule {
  abstract id: string;

  /** The same in all versions. */
  @Column('text')
  name: string;

  /** From 1. */
  @Column('int')
  version: number;

  /** Null: any. */
  @Column('text', { name: 'transfer_type', nullable: true })
  transferType: TransferType | null;

  /** ISO-4217 alpha-3. */
  @Column('text')
  currency: string;

  /** Side of the DFSP that the rule is for; null: both. */
  @Column('text', { nullable: true })
  side: QuoteSide | null;

  /** Null: any. */
  @Column('text', { name: 'payer_identifier', nullable: true })
  payerIdentifier: string | null;

  /** Null: any. */
  @Column('text', { name: 'payee_identifier', nullable: true })
  payeeIdentifier: string | null;

  /** The lowest number decides first. */
  @Column('int')
  priority: number;

  @Column('timestamptz', { name: 'valid_from' })
  validFrom: Date;

  /** End, exclusive; null: without end. */
  @Column('timestamptz', { name: 'valid_to', nullable: true })
  validTo: Date | null;
}
