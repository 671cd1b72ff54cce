import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AccountType } from '@level-one/transfer';

/**
 * Gives every account its kind and its direct use. Kinds that were set stay. Otherwise the account `issuance` is
 * recognized by its name, accounts with rights become roles, and all others customers' accounts with direct use: DFSPs'
 * on the central ledger, where `fees` becomes the account of the scheme's charges. Holders of the right `reject` get
 * the right `fulfil` too.
 */
abstract class AccountKinds implements MigrationInterface {
  readonly name = 'AccountKinds1796000000000';

  protected abstract readonly customerKind: AccountType.MobileWallet | AccountType.Dfsp;

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE accounts
        ADD COLUMN direct_use boolean NOT NULL DEFAULT false,
        ADD COLUMN has_entries boolean NOT NULL DEFAULT false`);
    await runner.query(`
      UPDATE accounts SET
        account_type = CASE
          WHEN name = 'issuance' THEN 'issuance'
          WHEN account_type IS NOT NULL THEN account_type
          WHEN rights <> '{}' THEN 'role'
          WHEN name = 'fees' AND '${this.customerKind}' = 'dfsp' THEN 'f'
          ELSE '${this.customerKind}'
        END,
        direct_use = account_type IS NOT DISTINCT FROM 'con' OR (
          account_type IS NULL AND rights = '{}' AND name <> 'issuance'
          AND NOT (name = 'fees' AND '${this.customerKind}' = 'dfsp')
        ),
        has_entries = EXISTS (SELECT FROM entries WHERE account = name),
        rights = CASE WHEN 'reject' = ANY(rights) THEN array_append(rights, 'fulfil') ELSE rights END`);
    await runner.query(`
      ALTER TABLE accounts
        ALTER COLUMN account_type SET NOT NULL,
        ADD CONSTRAINT accounts_type_is_known CHECK (
          account_type IN ('mw', 's', 'f', 'c', 'ac', 'con', 'dfsp', 'role')
          OR (account_type = 'issuance' AND name = 'issuance')
        ),
        ADD CONSTRAINT accounts_direct_use CHECK (
          account_type = 'mw' OR direct_use = (account_type IN ('con', 'dfsp'))
        )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE accounts
        DROP CONSTRAINT accounts_type_is_known,
        DROP CONSTRAINT accounts_direct_use,
        ALTER COLUMN account_type DROP NOT NULL`);
    await runner.query(`
      UPDATE accounts SET
        account_type = CASE
          WHEN account_type IN ('issuance', 'role', 'dfsp') OR (account_type = 'mw' AND direct_use) THEN NULL
          ELSE account_type
        END,
        rights = array_remove(rights, 'fulfil')`);
    await runner.query('ALTER TABLE accounts DROP COLUMN direct_use, DROP COLUMN has_entries');
  }
}

/** For a DFSP's ledger. */
export class CustomerAccountKinds extends AccountKinds {
  protected readonly customerKind = AccountType.MobileWallet;
}

/** For the central ledger. */
export class DfspAccountKinds extends AccountKinds {
  protected readonly customerKind = AccountType.Dfsp;
}
