import { Column, Entity, PrimaryColumn } from 'typeorm';

/** `suspended`: takes no part until it is active again. `left`: for ever. */
export type DfspStatus = 'active' | 'suspended' | 'left';

/** A DFSP of the scheme. Its short name stays, also after it has left. */
@Entity('dfsps')
export class Dfsp {
  /** Second half of its identifier: 7 in `001:007`. */
  @PrimaryColumn({ type: 'integer' })
  number: number;

  @Column({ type: 'text' })
  name: string;

  @Column({ name: 'short_name', type: 'text' })
  shortName: string;

  /** Base URL of its SPSP server, no slash at the end. */
  @Column({ name: 'provider_url', type: 'text' })
  providerUrl: string;

  /** Base URL of its scheme adapter, no slash at the end. */
  @Column({ name: 'scheme_adapter_url', type: 'text', nullable: true })
  schemeAdapterUrl: string | null;

  /** Scheme, host and port of these URLs. Other DFSPs may have the same, with other paths. */
  @Column({ type: 'text', array: true })
  origins: string[];

  /** ILP prefix of its ledger; null: made from its short name. */
  @Column({ name: 'ilp_prefix', type: 'text', nullable: true })
  ilpPrefix: string | null;

  /** Its account on the central ledger; null: named like the DFSP. */
  @Column({ name: 'central_account', type: 'text', nullable: true })
  centralAccount: string | null;

  @Column({ type: 'text', default: 'active' })
  status: DfspStatus;

  @Column({ name: 'status_reason', type: 'text', nullable: true })
  statusReason: string | null;

  @Column({ name: 'status_since', type: 'timestamptz', default: () => 'now()' })
  statusSince: Date;

  /** Key of its first credentials, kept for older instances: {@link DfspCredential} has all. */
  @Column({ type: 'text' })
  key: string;

  /** Secret of its first credentials, hashed. */
  @Column({ name: 'secret_hash', type: 'text', select: false })
  secretHash: string;
}
