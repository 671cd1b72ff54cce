import type { RoleReader } from '../../../../network/src/role-reader.js';
import { CommandFailedError } from '../../exit-codes.js';

interface Customer {
  accounts: { name: string; isPrimary?: boolean }[];
}

/** The account that is given, or the primary one of a customer. @throws CommandFailedError if there is none */
export async function accountOf(api: RoleReader, number: string, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const { accounts } = await api.read<Customer>(`/customers/${encodeURIComponent(number)}`);
  const account = accounts.find(({ isPrimary }) => isPrimary) ?? accounts[0];
  if (!account) throw new CommandFailedError('NoAccount', `customer ${number} has no account; give one with --account`);
  return account.name;
}
