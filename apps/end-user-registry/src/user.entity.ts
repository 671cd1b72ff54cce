import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One DFSP that holds one number. */
@Entity('users')
export class User {
  /** Order of registration. A bigint, which the driver reads as a string. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id: string;

  /** 1 to 8 digits; leading zeros count. */
  @Column({ type: 'text' })
  number: string;

  /** `<scheme>:<dfsp>`, for example `001:002`. */
  @Column({ name: 'dfsp_identifier', type: 'text' })
  dfspIdentifier: string;

  /** Whether this DFSP is the primary one; each number has exactly one. */
  @Column({ name: 'is_primary', type: 'boolean' })
  isPrimary: boolean;
}
