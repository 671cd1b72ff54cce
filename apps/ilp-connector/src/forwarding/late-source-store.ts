import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

type LedgerName = 'own' | 'central';

/** A late source that is still open. */
export interface LateSource {
  transferId: string;
  /** ISO 8601, as its ledger tells it. */
  expiresAt: string;
  openUntil: string;
}

const REPLACE = `
  WITH gone AS (DELETE FROM late_sources WHERE ledger = $1 AND transfer_id <> ALL ($2::uuid[]))
  INSERT INTO late_sources (ledger, transfer_id, expires_at, open_until)
  SELECT $1, * FROM unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[])
  ON CONFLICT (ledger, transfer_id) DO UPDATE SET open_until = excluded.open_until`;

/** The late sources of the last poll, for operators. Nothing is written while there are none. */
@Injectable()
export class LateSourceStore {
  /** Whether there may be rows; at first those of before the start. */
  private readonly mayHave: Record<LedgerName, boolean> = { own: true, central: true };

  constructor(private readonly dataSource: DataSource) {}

  async replace(ledger: LedgerName, sources: readonly LateSource[]): Promise<void> {
    if (sources.length === 0 && !this.mayHave[ledger]) return;
    this.mayHave[ledger] = true;
    await this.dataSource.query(REPLACE, [
      ledger,
      sources.map(({ transferId }) => transferId),
      sources.map(({ expiresAt }) => expiresAt),
      sources.map(({ openUntil }) => openUntil),
    ]);
    this.mayHave[ledger] = sources.length > 0;
  }
}
