import type { DataSource } from 'typeorm';
import type { SettlementBankAccountEntity } from '../schema/settlement.entity.js';

/** Where a bank finds the money of an account. */
export type BankAccount = Pick<SettlementBankAccountEntity, keyof SettlementBankAccountEntity>;

const COLUMNS = 'account, holder, iban, other_id AS "otherId", bic';

const WRITE = `
  INSERT INTO settlement_bank_accounts (account, holder, iban, other_id, bic) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (account) DO UPDATE
    SET holder = excluded.holder, iban = excluded.iban, other_id = excluded.other_id, bic = excluded.bic`;

/** Bank accounts of a ledger's accounts, for payment files. */
export class BankAccounts {
  constructor(private readonly dataSource: DataSource) {}

  async putBankAccount({ account, holder, iban, otherId, bic }: BankAccount): Promise<void> {
    await this.dataSource.query(WRITE, [account, holder, iban, otherId, bic]);
  }

  /** Those of the accounts that have one, by name. */
  async findBankAccounts(accounts: readonly string[]): Promise<Map<string, BankAccount>> {
    const rows: BankAccount[] = await this.dataSource.query(
      `SELECT ${COLUMNS} FROM settlement_bank_accounts WHERE account = ANY($1)`,
      [accounts],
    );
    return new Map(rows.map((row) => [row.account, row]));
  }
}
