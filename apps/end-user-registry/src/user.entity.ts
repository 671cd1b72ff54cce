import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One DFSP that holds one number. */
@Entity('users')
export class User {
  /** Order of registration; a bigint, so the driver gives it as a string. */
  @PrimaryColumn({ type: 'bigint', generated: 'identity' })
  id: string;

  /** At most eight digits; leading zeros count. */
  @Column({ type: 'text' })
  number: string;

  /** `<scheme>:<dfsp>`, as `001:002`. */
  @Column({ name: 'dfsp_identifier', type: 'text' })
  dfspIdentifier: string;

  /** Exactly one entry of a number is. */
  @Column({ name: 'is_primary', type: 'boolean' })
  isPrimary: boolean;
}
