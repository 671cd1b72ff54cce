import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A public key by which a DFSP proves to others who it is. A retired one stays, so that it never comes back. */
@Entity('dfsp_keys')
export class DfspKey {
  @PrimaryColumn({ name: 'key_id', type: 'text' })
  keyId: string;

  /** Whose it is. */
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
