import {
  Check,
  Column,
  type DataSource,
  Entity,
  type MigrationInterface,
  PrimaryColumn,
  type QueryRunner,
} from 'typeorm';
import { isDefaultOf, StartupError } from '../settings/settings.js';

/** Default of `SCALE` before databases stored their unit. */
const FORMER_SCALE = 2;

/** Currency and scale of the amounts in a database: one row. */
@Entity('kept_unit')
@Check('kept_unit_is_one_row', 'id = 1')
export class KeptUnit {
  @PrimaryColumn('smallint', { primaryKeyConstraintName: 'kept_unit_pkey' })
  id: number;

  /** ISO 4217 alpha-3. */
  @Column('text')
  currency: string;

  /** Decimals of the amounts. */
  @Column('smallint')
  scale: number;
}

export class KeepUnit1796200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE kept_unit (
        id smallint NOT NULL,
        currency text NOT NULL,
        scale smallint NOT NULL,
        CONSTRAINT kept_unit_pkey PRIMARY KEY (id),
        CONSTRAINT kept_unit_is_one_row CHECK (id = 1)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE kept_unit');
  }
}

/**
 * Options of a database with amounts in minor units; its entities include {@link KeptUnit}, its migrations {@link
 * KeepUnit1796200000000}.
 */
export interface UnitToKeep {
  /** See `WithUnit`. */
  settings: { currency: string; scale: number };
  /** SQL condition: whether any amount is stored. */
  hasAmounts: string;
}

/**
 * Stores currency and scale of the amounts in a database. They may change as long as there are no amounts.
 * @throws StartupError if the settings differ from the unit of the stored amounts.
 */
export async function keepUnit(dataSource: DataSource, { settings, hasAmounts }: UnitToKeep): Promise<void> {
  const { currency, scale } = settings;
  const [kept]: Pick<KeptUnit, 'currency' | 'scale'>[] = await dataSource.query(
    'SELECT currency, scale FROM kept_unit',
  );
  const [state]: { used: boolean }[] = await dataSource.query(`SELECT (${hasAmounts}) AS used`);
  if (state?.used) assertSameUnit(settings, kept);
  if (kept?.currency === currency && kept.scale === scale) return;
  await dataSource.query(
    `INSERT INTO kept_unit (id, currency, scale) VALUES (1, $1, $2)
     ON CONFLICT (id) DO UPDATE SET currency = excluded.currency, scale = excluded.scale`,
    [currency, scale],
  );
}

function assertSameUnit(
  settings: UnitToKeep['settings'],
  kept: Pick<KeptUnit, 'currency' | 'scale'> | undefined,
): void {
  const { currency, scale } = settings;
  if (!kept && scale !== FORMER_SCALE && isDefaultOf(settings, 'scale')) {
    throw new StartupError(
      `SCALE is missing (the amounts in this database are older than its record of their decimals; ` +
        `without SCALE they had ${FORMER_SCALE})`,
    );
  }
  const problems = [
    ...(kept && kept.currency !== currency
      ? [`CURRENCY (is ${JSON.stringify(currency)}): the amounts in this database are in ${kept.currency}`]
      : []),
    ...(kept && kept.scale !== scale
      ? [`SCALE (is ${scale}): the amounts in this database have ${kept.scale} decimals`]
      : []),
  ];
  if (problems.length > 0) throw new StartupError(problems.join('; '));
}
