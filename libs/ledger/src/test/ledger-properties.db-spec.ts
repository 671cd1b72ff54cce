import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestLedger, type TestLedger } from '@level-one/testing';
import fc from 'fast-check';
import { checkInvariants } from '../audit/invariants.js';
import { TICK } from './ledger-operations.fixture.js';
import { parallelPrograms, sequentialPrograms, textOf } from './ledger-programs.fixture.js';
import { race } from './ledger-race.fixture.js';
import type { Answer, Operation } from './ledger-rules.fixture.js';
import { Sequence } from './ledger-sequence.fixture.js';

/** Two ticks, so that operations happen within the grace, at its end, and after it. */
const GRACE_MS = 2 * TICK;
const INSTANCES = 3;
const OPERATIONS_MIN = 10_000;

/** `LEDGER_PROPERTY_SEED` is printed with a failure. `LEDGER_PROPERTY_RUNS` is the number of programs per property. */
const seed = process.env['LEDGER_PROPERTY_SEED'];
const runs = process.env['LEDGER_PROPERTY_RUNS'];
/** Most of this time is for finding the smallest failing program. */
const TIMEOUT_MS = 120_000 + 1_000 * Number(runs ?? 0);

/** Answers that each run must produce. Rare ones are left out. */
const ANSWERS = [
  ['account', 200, 201, 'RecordExistsError', 'UnprocessableEntityError'],
  ['charges', 200, 201, 'InvalidModificationError', 'AlreadyExistsError', 'UnprocessableEntityError'],
  ['charges', 'InsufficientFundsError'],
  ['funds', 200, 201, 'NotFoundError', 'InvalidModificationError', 'InsufficientFundsError'],
  ['fulfil', 200, 'NotFoundError', 'InvalidBodyError', 'UnsupportedCryptoConditionError', 'UnmetConditionError'],
  ['fulfil', 'TransferNotConditionalError', 'InvalidModificationError', 'ExpiredTransferError', 'UnauthorizedError'],
  ['put', 200, 201, 'UnauthorizedError', 'UnprocessableEntityError', 'InsufficientFundsError'],
  ['put', 'InvalidModificationError', 'ExpiredTransferError'],
  ['reject', 200, 'NotFoundError', 'UnauthorizedError', 'InvalidModificationError', 'TransferNotConditionalError'],
].flatMap(([kind, ...answers]) => answers.map((answer) => `${kind} ${answer}`));

const seenAnswers = new Set<string>();
let operations = 0;

function noteAnswer({ kind }: Operation, { status, error }: Answer): void {
  operations += 1;
  seenAnswers.add(`${kind} ${error ?? status}`);
}

/** @throws Error with the smallest failing program and its seed. */
async function check<T>(property: fc.IAsyncProperty<[T]>, usualRuns: number): Promise<void> {
  const details = await fc.check(property, {
    numRuns: Number(runs ?? usualRuns),
    ...(seed !== undefined && { seed: Number(seed) }),
    interruptAfterTimeLimit: TIMEOUT_MS - 20_000,
  });
  if (!details.failed) return;
  const report = await fc.asyncDefaultReportMessage(details);
  throw new Error(`Run it again with LEDGER_PROPERTY_SEED=${details.seed}\n${report}`, {
    cause: details.errorInstance,
  });
}

describe('a ledger', () => {
  let test: TestLedger;

  beforeAll(async () => {
    test = await openTestLedger({ lateGraceMs: GRACE_MS });
  });

  afterAll(() => test.close());

  it(
    'answers operations submitted at the same moment as the model does, one after the other',
    async () => {
      const sequence = await Sequence.open(test, GRACE_MS, noteAnswer);
      await check(
        fc.asyncProperty(sequentialPrograms(), (program) => sequence.play(program)),
        100,
      );
      expect(await checkInvariants(test.dataSource)).toEqual([]);
    },
    TIMEOUT_MS,
  );
});

describe('several instances of a ledger', () => {
  let test: TestLedger;

  beforeAll(async () => {
    test = await openTestLedger({ lateGraceMs: GRACE_MS });
  });

  afterAll(() => test.close());

  it(
    'give all callers answers that agree with the log of events',
    async () => {
      const others = await Promise.all(Array.from({ length: INSTANCES - 1 }, () => test.anotherInstance()));
      const ledgers = [test.ledger, ...others.map(({ ledger }) => ledger)];
      const { dataSource } = test;
      // Violations of one program must not fail the smaller programs tried after it.
      const seen = new Set<string>();
      const newViolations = async (): Promise<string[]> => {
        const violations = (await checkInvariants(dataSource)).map((violation) => textOf(violation));
        const unseen = violations.filter((violation) => !seen.has(violation));
        for (const violation of unseen) seen.add(violation);
        return unseen;
      };
      await check(
        fc.asyncProperty(parallelPrograms(INSTANCES), async (program) => {
          const answered = await race(program, { ledgers, dataSource, graceMs: GRACE_MS });
          for (const { operation, answer } of answered) noteAnswer(operation, answer);
          expect(await newViolations()).toEqual([]);
        }),
        30,
      );
    },
    TIMEOUT_MS,
  );
});

describe('the programs', () => {
  const isUsual = seed === undefined && runs === undefined;

  (isUsual ? it : it.skip)('produce every answer of the ledger', () => {
    expect(operations).toBeGreaterThanOrEqual(OPERATIONS_MIN);
    expect([...seenAnswers]).toEqual(expect.arrayContaining(ANSWERS));
  });
});
