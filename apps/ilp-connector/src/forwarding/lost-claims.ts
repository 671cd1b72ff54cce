import { Injectable } from '@nestjs/common';
import { Health, RoleLogger } from '@level-one/platform';
import { Keeper } from '@level-one/work';
import { DataSource } from 'typeorm';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import type { LostClaimEntity } from './lost-claim.entity.js';

/** How often the kept claims are counted, as a multiple of the poll of late sources. */
const POLLS = 6;

/** A claim, as it is found. */
export type LostClaim = Pick<LostClaimEntity, 'ledger' | 'transferId' | 'amount' | 'fulfillment'>;

/** Once for each source, whoever finds it. */
const KEEP = `
  INSERT INTO lost_claims (ledger, transfer_id, amount, fulfillment) VALUES ($1, $2, $3, $4)
  ON CONFLICT (ledger, transfer_id) DO NOTHING
  RETURNING transfer_id`;

const SUMS = `
  SELECT ledger, count(*)::int AS count, sum(amount::numeric)::text AS amount
  FROM lost_claims GROUP BY ledger ORDER BY ledger`;

/** Sum of the kept claims on one ledger. */
interface LostSum {
  ledger: string;
  count: number;
  amount: string;
}

/** Keeps what this connector paid and could not claim, with the proof, and tells it in health. */
@Injectable()
export class LostClaims extends Keeper {
  private sums: LostSum[] = [];

  constructor(
    private readonly dataSource: DataSource,
    settings: IlpConnectorSettings,
    logger: RoleLogger,
    health: Health,
  ) {
    super({ name: 'lost claims', intervalMs: settings.latePollMs * POLLS, logger });
    health.registerNotes(() =>
      this.sums.map(
        ({ ledger, count, amount }) => `paid and not claimed at the ${ledger} ledger: ${count}, ${amount} in all`,
      ),
    );
  }

  override async onApplicationBootstrap(): Promise<void> {
    await super.onApplicationBootstrap();
    this.runNow();
  }

  /** Stores a claim; the same one again changes nothing. @returns whether it is new. @throws while the database is away */
  async keep({ ledger, transferId, amount, fulfillment }: LostClaim): Promise<boolean> {
    const kept: unknown[] = await this.dataSource.query(KEEP, [ledger, transferId, amount, fulfillment]);
    await this.sweep();
    return kept.length > 0;
  }

  protected async sweep(): Promise<void> {
    this.sums = await this.dataSource.query(SUMS);
  }
}
