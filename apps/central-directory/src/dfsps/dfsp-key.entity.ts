import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A public key by which a DFSP signs its requests. Retired keys are kept, so that they cannot be registered again. */
@Entity('dfsp_keys')
export class DfspKey {
  @PrimaryColumn({ name: 'key_id', type: 'text' })
  keyId: string;

  /** Number of the DFSP. */
  @Column({ name: 'dfsp_number', type: 'integer' })
  dfspNumber: number;

  /** Ed25519, 32 bytes, base64url. */
  @Column({ name: 'public_key', type: 'text' })
  publicKey: string;

  @Column({ name: 'added_at', type: 'timestamptz', default: () => 'now()' })
  addedAt: Date;

  @Column({ name: 'retired_at', type: 'timestamptz', nullable: true })
  retiredAt: Date | null;
}
