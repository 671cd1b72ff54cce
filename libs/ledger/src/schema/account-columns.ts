import { getMetadataArgsStorage } from 'typeorm';
import { type Account, AccountEntity } from './account.entity.js';

/** A row of an account as the driver returns it, or as JSON: `bigint` as text, times as text in JSON. */
export type AccountRow = Record<keyof Account, unknown> & { name: string };

interface AccountColumn {
  /** In the database. */
  name: string;
  property: keyof Account;
  type: unknown;
}

/** Every column of an account, from the entity, which is the only list of them. */
const COLUMNS: readonly AccountColumn[] = getMetadataArgsStorage()
  .filterColumns(AccountEntity)
  .map(({ propertyName, options }) => ({
    name: options.name ?? propertyName,
    property: propertyName as keyof Account,
    type: options.type,
  }));

const NAMES = COLUMNS.map(({ name }) => name);

/** Columns of an account, named as in {@link Account}. */
export const ACCOUNT_COLUMNS = COLUMNS.map(
  ({ name, property, type }) => `${name}${type === 'bigint' ? '::text' : ''} AS "${property}"`,
).join(', ');

/** Inserts an account, or replaces all of it. Its parameters are {@link accountValues}. */
export const WRITE_ACCOUNT = `
  INSERT INTO accounts (${NAMES.join(', ')}) VALUES (${NAMES.map((_, index) => `$${index + 1}`).join(', ')})
  ON CONFLICT (name) DO UPDATE SET ${NAMES.filter((name) => name !== 'name')
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`;

/** Values of the parameters of {@link WRITE_ACCOUNT}. */
export function accountValues(account: Account): unknown[] {
  return COLUMNS.map(({ property }) => account[property]);
}

/** What the driver, or JSON, has as text. */
const READERS = new Map<unknown, (value: never) => unknown>([
  ['bigint', (text: string) => BigInt(text)],
  ['timestamptz', (time: string | Date) => new Date(time)],
]);
const READ_COLUMNS = COLUMNS.flatMap(({ property, type }) => {
  const read = READERS.get(type);
  return read ? [{ property, read }] : [];
});

/** An account from a row of {@link ACCOUNT_COLUMNS}. */
export function accountOf(row: AccountRow): Account {
  const account: Record<keyof Account, unknown> = { ...row };
  for (const { property, read } of READ_COLUMNS) {
    if (row[property] !== null) account[property] = read(row[property] as never);
  }
  return account as Account;
}
