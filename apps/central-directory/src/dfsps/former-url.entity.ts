import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Which of a DFSP's two base URLs it was. */
export type UrlKind = 'provider' | 'schemeAdapter';

/** A base URL that a DFSP had before. What was issued under it goes to the URL that replaced it. */
@Entity('dfsp_former_urls')
export class FormerUrl {
  @PrimaryColumn({ type: 'text' })
  url: string;

  /** Number of the DFSP. */
  @Column({ name: 'dfsp_number', type: 'integer' })
  dfspNumber: number;

  @Column({ type: 'text' })
  kind: UrlKind;

  @Column({ name: 'replaced_at', type: 'timestamptz', default: () => 'now()' })
  replacedAt: Date;
}
