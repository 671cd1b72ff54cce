import { TransferErrorCode, transferError } from '@level-one/transfer';
import type { DataSource } from 'typeorm';
import { type Row, SCHEME_CHARGE_COLUMNS, schemeChargeOf } from '../schema/rows.js';
import type { SchemeCharge } from '../schema/scheme-charge.entity.js';

/** The members of a charge that can be changed. Rate and parties cannot: a new rate is a new charge. */
export type SchemeChargeChange = Partial<Pick<SchemeCharge, 'code' | 'minimum' | 'maximum' | 'isActive'>>;

/** The ledger reads its tariff again after every write of another. */
const COUNT_WRITE = `WITH head AS (UPDATE ledger_head SET writes = writes + 1)`;

const INSERT = `${COUNT_WRITE}
  INSERT INTO scheme_charges (name, code, rate_type, rate, minimum, maximum, is_active, payer, payee, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, ledger_now())
  ON CONFLICT (name) DO NOTHING RETURNING ${SCHEME_CHARGE_COLUMNS}`;

const UPDATE = `${COUNT_WRITE}
  UPDATE scheme_charges SET code = $2, minimum = $3, maximum = $4, is_active = $5 WHERE name = $1
  RETURNING ${SCHEME_CHARGE_COLUMNS}`;

/** The charges of a scheme, administered by its operator. A change applies to transfers prepared after it. */
export class SchemeTariff {
  constructor(private readonly dataSource: DataSource) {}

  /** Sorted by name. */
  async listCharges(): Promise<SchemeCharge[]> {
    const rows: Row<SchemeCharge>[] = await this.dataSource.query(
      `SELECT ${SCHEME_CHARGE_COLUMNS} FROM scheme_charges ORDER BY name`,
    );
    return rows.map(schemeChargeOf);
  }

  /** @throws ContractError 422 RecordExistsError */
  async createCharge(charge: Omit<SchemeCharge, 'createdAt'>): Promise<SchemeCharge> {
    const { name, code, rateType, rate, minimum, maximum, isActive, payer, payee } = charge;
    const [row]: Row<SchemeCharge>[] = await this.dataSource.query(INSERT, [
      name,
      code,
      rateType,
      rate,
      minimum,
      maximum,
      isActive,
      payer,
      payee,
    ]);
    if (!row) {
      throw transferError(TransferErrorCode.RecordExists, { message: 'The charge has already been created' });
    }
    return schemeChargeOf(row);
  }

  /** @throws ContractError 404 NotFoundError, 422 UnprocessableEntityError */
  async changeCharge(name: string, change: SchemeChargeChange): Promise<SchemeCharge> {
    const known = (await this.listCharges()).find((charge) => charge.name === name);
    if (!known) throw transferError(TransferErrorCode.NotFound, { message: 'Unknown charge' });
    const { code, minimum, maximum, isActive } = { ...known, ...change };
    if (maximum !== null && maximum < minimum) {
      throw transferError(TransferErrorCode.UnprocessableEntity, {
        message: 'maximum must not be less than minimum',
      });
    }
    const [rows]: [Row<SchemeCharge>[]] = await this.dataSource.query(UPDATE, [name, code, minimum, maximum, isActive]);
    return schemeChargeOf(rows[0]!);
  }
}
