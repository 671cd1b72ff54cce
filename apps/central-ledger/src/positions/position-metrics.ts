import { Injectable } from '@nestjs/common';
import { type Exposure, exposureOf, LedgerProfile, READ_EXPOSURES } from '@level-one/ledger';
import { keepReading, RoleMetrics, type Samples } from '@level-one/platform';
import { DataSource } from 'typeorm';

/** More participants are not exported. */
const PARTICIPANTS_MAX = 1_000;

type ExposureRow = { account: string } & Parameters<typeof exposureOf>[0];

/** The position of a participant. */
interface Participant extends Exposure {
  name: string;
}

/** Exports the positions of the participants against their net debit caps, read once in ten seconds at most. */
@Injectable()
export class PositionMetrics {
  constructor(
    metrics: RoleMetrics,
    private readonly dataSource: DataSource,
    { currency, scale }: LedgerProfile,
  ) {
    const major = (amount: bigint): number => Number(amount) / 10 ** scale;
    const read = keepReading(() => this.readParticipants());
    const each = (valueOf: (one: Participant) => number | null, further = {}) => {
      return async (): Promise<Samples> =>
        (await read()).flatMap((one) => {
          const value = valueOf(one);
          return value === null ? [] : [{ value, labels: { participant: one.name, ...further } }];
        });
    };
    metrics.readAs(
      'levelone_position_amount',
      each(({ unsettled }) => major(unsettled), { currency }),
    );
    metrics.readAs(
      'levelone_position_held_amount',
      each(({ held }) => major(held), { currency }),
    );
    metrics.readAs(
      'levelone_net_debit_cap_amount',
      each(({ netDebitCap }) => (netDebitCap === null ? null : major(netDebitCap)), { currency }),
    );
    metrics.readAs('levelone_net_debit_cap_used_ratio', each(usedRatioOf));
  }

  private async readParticipants(): Promise<Participant[]> {
    const rows = await this.dataSource.query<ExposureRow[]>(READ_EXPOSURES, [PARTICIPANTS_MAX]);
    return rows.map((row) => ({ name: row.account, ...exposureOf(row) }));
  }
}

/** Part of the net debit cap that is used, what is held included; null without a cap. A cap of 0 is used as a whole. */
function usedRatioOf({ unsettled, held, netDebitCap }: Exposure): number | null {
  if (netDebitCap === null) return null;
  const used = held - unsettled;
  if (used <= 0n) return 0;
  return netDebitCap === 0n ? 1 : Number(used) / Number(netDebitCap);
}
