import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Key and secret by which a DFSP calls the directory. Retired ones are kept, so that no other DFSP gets their key. */
@Entity('dfsp_credentials')
export class DfspCredential {
  /** Name of the Basic credentials. */
  @PrimaryColumn({ type: 'text' })
  key: string;

  /** Number of the DFSP. */
  @Column({ name: 'dfsp_number', type: 'integer' })
  dfspNumber: number;

  /** Password of the Basic credentials, hashed. */
  @Column({ name: 'secret_hash', type: 'text' })
  secretHash: string;

  @Column({ name: 'added_at', type: 'timestamptz', default: () => 'now()' })
  addedAt: Date;

  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt: Date | null;
}
