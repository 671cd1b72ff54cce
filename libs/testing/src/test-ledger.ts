import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import {
  type AccountChange,
  checkInvariants,
  ISSUANCE_ACCOUNT,
  Ledger,
  LEDGER_ENTITIES,
  type LedgerOptions,
  ledgerMigrations,
  type Principal,
} from '@level-one/ledger';
import { HotStatements, migrateSchema, openDatabase } from '@level-one/platform';
import { AccountType, FundsDirection, type TransferRequest } from '@level-one/transfer';
import type { DataSource } from 'typeorm';
import { createTestDatabase } from './test-database.js';

/** A ledger on its own database. */
export interface TestLedger {
  ledger: Ledger;
  dataSource: DataSource;
  databaseUrl: string;
  /** Another instance of the role on the same database. */
  anotherInstance(): Promise<{ ledger: Ledger; dataSource: DataSource }>;
  open(change: AccountChange): Promise<void>;
  /** Issues an amount to an account, in minor units; a negative one is taken back. */
  issue(name: string, amount: bigint): Promise<void>;
  /** Runs SQL without the ledger, like another writer; the write is counted. */
  writePast(sql: string, parameters?: unknown[]): Promise<void>;
  /** Moves the times of a transfer so that it expired `ms` ago. Its grace is as long as before. */
  letExpire(id: string, ms?: number): Promise<void>;
  /** `[posted, held]` in minor units. */
  funds(name: string): Promise<[bigint, bigint]>;
  /** States of a transfer that events were written of, in their order. */
  states(id: string): Promise<string[]>;
  /** Stops all instances. @throws Error if an invariant is broken or background work has failed. */
  close(): Promise<void>;
}

export const ADMIN: Principal = { name: 'admin', isAdmin: true, rights: [] };

export function ownerOf(name: string): Principal {
  return { name, isAdmin: false, rights: [] };
}

/** Preimage and condition of contract 3.6: bytes 00..1f. */
export const CONDITION = 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32';
export const FULFILLMENT = 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';

/** An authorized transfer of 1.00 from alice to bob that expires in a minute, with the given changes. */
export function transferRequest(
  content: Partial<TransferRequest['content']> = {},
  { authorized = true }: { authorized?: boolean } = {},
): TransferRequest {
  return {
    content: {
      id: randomUUID(),
      debitAccount: 'alice',
      creditAccount: 'bob',
      amount: 100n,
      debitMemo: null,
      creditMemo: null,
      additionalInfo: null,
      executionCondition: CONDITION,
      cancellationCondition: null,
      expiresAt: new Date(Date.now() + 60_000),
      ...content,
    },
    authorized,
    rejection: null,
  };
}

/** Opens a ledger with accounts alice (100.00), bob and carol (0.00). */
export async function openTestLedger({
  customerKind = AccountType.MobileWallet,
  ...options
}: Omit<Partial<LedgerOptions>, 'onError'> = {}): Promise<TestLedger> {
  const tables = { entities: LEDGER_ENTITIES, migrations: ledgerMigrations(customerKind) };
  const settingsAt = (databaseUrl: string) => ({ databaseUrl, databaseSchema: 'test_ledger', databasePoolSize: 5 });
  const database = await createTestDatabase(undefined, {
    name: `ledger_${customerKind}`,
    fill: async (url) => {
      await migrateSchema(tables, settingsAt(url), { isDryRun: false, warn: () => undefined });
    },
  });
  const errors: unknown[] = [];
  const instances: { ledger: Ledger; dataSource: DataSource; statements: HotStatements }[] = [];
  const anotherInstance = async (): Promise<{ ledger: Ledger; dataSource: DataSource }> => {
    const dataSource = await openDatabase({ ...tables, settings: settingsAt(database.url) });
    const statements = new HotStatements(dataSource);
    const instance = {
      ledger: new Ledger(dataSource, statements, { ...options, customerKind, onError: (error) => errors.push(error) }),
      dataSource,
    };
    instances.push({ ...instance, statements });
    return instance;
  };
  const { ledger, dataSource } = await anotherInstance();
  // The tables are copies: the time since the originals were made is no downtime.
  await dataSource.query('UPDATE ledger_head SET beat_at = clock_timestamp()');
  const writePast = async (sql: string, parameters?: unknown[]): Promise<void> => {
    await dataSource.transaction(async (manager) => {
      await manager.query('UPDATE ledger_head SET writes = writes + 1');
      await manager.query(sql, parameters);
    });
  };
  const open = async (change: AccountChange): Promise<void> => {
    await ledger.putAccount(change);
  };
  await open({ name: ISSUANCE_ACCOUNT, minimumAllowedBalance: null });
  await Promise.all([open({ name: 'alice', balance: 10_000n }), open({ name: 'bob' }), open({ name: 'carol' })]);
  return {
    ledger,
    dataSource,
    databaseUrl: database.url,
    anotherInstance,
    open,
    issue: async (account, amount) => {
      const direction = amount > 0n ? FundsDirection.In : FundsDirection.Out;
      const movement = { id: randomUUID(), account, direction, amount: amount > 0n ? amount : -amount };
      await ledger.moveFunds({ ...movement, reference: 'a test' });
    },
    writePast,
    letExpire: (id, ms = 1) =>
      writePast(
        `UPDATE transfers SET expires_at = past, open_until = open_until - (expires_at - past),
           prepared_at = prepared_at - (expires_at - past), executed_at = executed_at - (expires_at - past)
         FROM (SELECT date_trunc('milliseconds', clock_timestamp()) - $2 * interval '1 ms' AS past) AS moment WHERE id = $1`,
        [id, ms],
      ),
    funds: async (name) => {
      const { posted, held } = await ledger.reads.readAccount(name);
      return [posted, held];
    },
    states: async (id) => {
      const rows: { state: string }[] = await dataSource.query(
        'SELECT state FROM events WHERE transfer_id = $1 ORDER BY sequence',
        [id],
      );
      return rows.map(({ state }) => state);
    },
    close: async () => {
      await Promise.all(instances.map((instance) => instance.ledger.stop()));
      const violations = await checkInvariants(dataSource);
      await Promise.all(
        instances.flatMap((instance) => [instance.statements.onApplicationShutdown(), instance.dataSource.destroy()]),
      );
      await database.drop();
      const faults = [...violations, ...errors];
      if (faults.length > 0) throw new Error(`The ledger has faults: ${inspect(faults)}`);
    },
  };
}
