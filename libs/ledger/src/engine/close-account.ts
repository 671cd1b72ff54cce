import { TransferErrorCode, transferError } from '@level-one/transfer';
import type { DataSource } from 'typeorm';
import { ISSUANCE_ACCOUNT } from '../books/books.js';
import { inTransaction, takeTurn } from '../books/ledger-turn.js';
import { ChargeParty, SCHEME_FEES_ACCOUNT } from '../schema/scheme-charge.entity.js';

/** Accounts that every ledger needs. */
const NEEDED = new Set([ISSUANCE_ACCOUNT, 'admin']);

interface ClosingAccount {
  isEmpty: boolean;
  isSettled: boolean;
  isClosed: boolean;
  /** A prepared transfer names it. Proposals hold nothing, and cannot be prepared once the account is closed. */
  isExpecting: boolean;
  /** The charges of the scheme are booked on it. */
  isCharged: boolean;
}

const READ = `
  SELECT posted = 0 AND held = 0 AS "isEmpty", posted = position_base AS "isSettled", closed_at IS NOT NULL AS "isClosed", EXISTS (
    SELECT FROM transfers LEFT JOIN charges ON transfer_id = transfers.id
    WHERE state = 'prepared'
      AND $1 IN (transfers.debit_account, transfers.credit_account, charges.debit_account, charges.credit_account)
  ) AS "isExpecting", name = '${SCHEME_FEES_ACCOUNT}' AND EXISTS (
    SELECT FROM scheme_charges WHERE '${ChargeParty.Ledger}' IN (payer, payee)
  ) AS "isCharged"
  FROM accounts WHERE name = $1`;

/** The name stays taken and the entries stay readable. Nobody can log in, and no new transfer can name the account. */
const CLOSE = `
  UPDATE accounts SET is_disabled = true, closed_at = ledger_now(), password_hash = NULL, rights = '{}' WHERE name = $1`;

/**
 * Closes an account for good. Closing it again changes nothing.
 *
 * @param options.settles whether the positions of this ledger are settled; then the account must have none.
 * @throws ContractError 404 NotFoundError; 422 UnprocessableEntityError while there is money on it or an open transfer
 * names it, and for accounts that the ledger needs; 503.
 */
export async function closeAccount(dataSource: DataSource, name: string, options: { settles: boolean }): Promise<void> {
  if (NEEDED.has(name)) throw isNeeded();
  await inTransaction(dataSource, async (manager) => {
    await takeTurn(manager);
    const [account]: ClosingAccount[] = await manager.query(READ, [name]);
    if (!account) throw transferError(TransferErrorCode.NotFound, { message: 'Unknown account' });
    if (account.isClosed) return;
    if (account.isCharged) throw isNeeded();
    if (!account.isEmpty) throw notAllowed('There is money on the account');
    if (options.settles && !account.isSettled) throw notAllowed('The position of the account is not settled');
    if (account.isExpecting) throw notAllowed('A transfer that names the account is open');
    await manager.query(CLOSE, [name]);
  });
}

function isNeeded(): Error {
  return notAllowed('The ledger needs this account');
}

function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}
