import { isDeepStrictEqual } from 'node:util';
import type { TestLedger } from '@level-one/testing';
import { emptyWorld, fundsOf, ISSUANCE, isFinal, expire, type World } from './ledger-model.fixture.js';
import { type Chunk, type SequentialProgram, textOf } from './ledger-programs.fixture.js';
import { TICK } from './ledger-operations.fixture.js';
import { type Answer, apply, expireAll, type Operation } from './ledger-rules.fixture.js';
import { Stage, storedTransferOf } from './ledger-stage.fixture.js';

/** Expires everything except transfers that last a minute longer. */
const END: Chunk = { wait: 60_000 + 100 * TICK, sweep: true, operations: [] };

type AnswerListener = (operation: Operation, answer: Answer) => void;

/** Funds of accounts as `[posted, held]`, and transfers as `[path, reason, fulfillment]`. */
interface Snapshot {
  accounts: Record<string, unknown>;
  transfers: Record<string, unknown>;
}

/**
 * Plays programs on one ledger with a clock that programs move. The sweeper does not run by itself, so a due transfer
 * stays open until an operation expires it.
 */
export class Sequence {
  private constructor(
    private readonly test: TestLedger,
    private readonly graceMs: number,
    private clock: number,
    private readonly onAnswer: AnswerListener,
  ) {}

  static async open(test: TestLedger, graceMs: number, onAnswer: AnswerListener): Promise<Sequence> {
    const clock = Date.UTC(2030, 0, 1);
    await test.dataSource.query('CREATE TABLE test_clock (moment timestamptz NOT NULL)');
    await test.dataSource.query('INSERT INTO test_clock VALUES ($1)', [new Date(clock)]);
    await test.dataSource.query(`
      CREATE OR REPLACE FUNCTION ledger_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS 'SELECT moment FROM test_clock'`);
    return new Sequence(test, graceMs, clock, onAnswer);
  }

  /** @throws Error at the first answer or state that differs from the model. */
  async play(program: SequentialProgram): Promise<void> {
    const stage = new Stage(this.clock);
    const [head]: { sequence: string; issued: string }[] = await this.test.dataSource.query(
      `SELECT last_sequence AS sequence, posted AS issued FROM ledger_head, accounts WHERE name = '${ISSUANCE}'`,
    );
    let world = emptyWorld(this.graceMs);
    for (const [index, chunk] of [...program, END].entries()) {
      const place = `chunk ${index}`;
      world = await this.wait(stage, world, chunk, place);
      world = await this.playAtOnce(stage, world, chunk.operations, place);
      assertSame(await this.snapshot(stage, head!), snapshotOf(world), `${place}: what the ledger has become`);
    }
  }

  private async wait(stage: Stage, world: World, { wait, sweep }: Chunk, place: string): Promise<World> {
    if (wait > 0) {
      this.clock += wait;
      await this.test.dataSource.query('UPDATE test_clock SET moment = $1', [new Date(this.clock)]);
    }
    const later = { ...world, now: world.now + wait };
    if (!sweep) return later;
    const open = [...later.transfers].filter(([, transfer]) => !isFinal(transfer)).map(([id]) => id);
    const due = open.filter((id) => isFinal(expire(later, id).transfers.get(id)!)).toSorted();
    assertSame(await stage.sweep(this.test.ledger), due, `${place}: what expires`);
    return expireAll(later);
  }

  private async playAtOnce(
    stage: Stage,
    before: World,
    operations: readonly Operation[],
    place: string,
  ): Promise<World> {
    let world = before;
    const answers = await Promise.all(operations.map((operation) => stage.play(this.test.ledger, operation)));
    for (const [index, operation] of operations.entries()) {
      const step = apply(world, operation);
      const answer = answers[index]!;
      assertSame(answer, step.answer, `${place}, operation ${index}: ${textOf(operation)}`);
      this.onAnswer(operation, answer);
      world = step.world;
    }
    return world;
  }

  private async snapshot(stage: Stage, since: { sequence: string; issued: string }): Promise<Snapshot> {
    const { dataSource } = this.test;
    const ids = [...stage.transfers.keys()];
    const accounts: { name: string; posted: string; held: string }[] = await dataSource.query(
      `SELECT name, posted, held FROM accounts WHERE name LIKE $1 OR name = '${ISSUANCE}'`,
      [stage.nameOf('%')],
    );
    const transfers: (Parameters<typeof storedTransferOf>[0] & { id: string; path: string[] })[] =
      await dataSource.query(
        `SELECT id, transfers.state, rejection_reason AS "rejectionReason", fulfillment, path
         FROM transfers LEFT JOIN (
           SELECT transfer_id, array_agg(state ORDER BY sequence) AS path FROM events WHERE sequence > $2 GROUP BY 1
         ) AS history ON transfer_id = id
         WHERE id = ANY($1)`,
        [ids, since.sequence],
      );
    return {
      accounts: Object.fromEntries(
        accounts.map(({ name, posted, held }) => [
          stage.labelOf(name),
          [BigInt(posted) - (name === ISSUANCE ? BigInt(since.issued) : 0n), BigInt(held)],
        ]),
      ),
      transfers: Object.fromEntries(
        transfers.map(({ id, path, ...row }) => {
          const { state, reason, fulfillment } = storedTransferOf(row);
          return [stage.transfers.get(id)!, { state, path, reason, fulfillment }];
        }),
      ),
    };
  }
}

function snapshotOf(world: World): Snapshot {
  return {
    accounts: Object.fromEntries(
      [ISSUANCE, ...world.accounts.keys()].map((name) => {
        const { posted, held } = fundsOf(world, name);
        return [name, [posted, held]];
      }),
    ),
    transfers: Object.fromEntries(
      [...world.transfers].map(([id, { path, reason, fulfillment }]) => [
        id,
        { state: path.at(-1), path, reason, fulfillment },
      ]),
    ),
  };
}

function assertSame(actual: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Error(`${what}\n  expected ${textOf(expected)}\n  but got  ${textOf(actual)}`);
}
