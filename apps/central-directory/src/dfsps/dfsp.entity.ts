import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A DFSP of the scheme. Once registered, it does not change. */
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

  /** Name of its Basic credentials. */
  @Column({ type: 'text' })
  key: string;

  /** Password of its Basic credentials, hashed. */
  @Column({ name: 'secret_hash', type: 'text', select: false })
  secretHash: string;
}
