import { isDeepStrictEqual } from 'node:util';
import type { DataSource } from 'typeorm';
import { type Log, readLog, replay } from './ledger-log.fixture.js';
import {
  areSameCharges,
  chargesOf,
  type Content,
  emptyWorld,
  isDirectAtFirst,
  isFinal,
  isSameContent,
  kindOf,
  type ModelTransfer,
  type World,
} from './ledger-model.fixture.js';
import { OPENED } from './ledger-operations.fixture.js';
import { isSweep, type ParallelProgram, textOf } from './ledger-programs.fixture.js';
import { type AccountOperation, type Answer, apply, type Operation } from './ledger-rules.fixture.js';
import { Stage } from './ledger-stage.fixture.js';
import type { Ledger } from '../engine/ledger.js';

type TransferOperation = Exclude<Operation, AccountOperation>;

/** An operation and its answer. */
interface Answered<T extends Operation = Operation> {
  operation: T;
  answer: Answer;
}

/** Runs all writers of a program at once. */
export async function race(
  program: ParallelProgram,
  { ledgers, dataSource, graceMs }: { ledgers: readonly Ledger[]; dataSource: DataSource; graceMs: number },
): Promise<readonly Answered[]> {
  const [head]: { sequence: string }[] = await dataSource.query('SELECT last_sequence AS sequence FROM ledger_head');
  const stage = new Stage(Date.now());
  const answered: Answered[] = [];
  const play = async (ledger: Ledger, operation: Operation): Promise<void> => {
    answered.push({ operation, answer: await stage.play(ledger, operation) });
  };
  await Promise.all(program.opening.map((operation) => play(ledgers[0]!, operation)));
  await Promise.all(
    program.writers.map(async ({ instance, chunks }) => {
      const ledger = ledgers[instance]!;
      for (const chunk of chunks) {
        await Promise.all(
          chunk.map((operation) => (isSweep(operation) ? stage.sweep(ledger) : play(ledger, operation))),
        );
      }
    }),
  );
  const log = await readLog(dataSource, stage, head!.sequence);
  const world = replay(log, stage, graceMs);
  for (const id of stage.transfers.values()) assertFits(answered.filter(isAbout(id)), world, id, log);
  return answered;
}

function isAbout(id: string): (answered: Answered) => answered is Answered<TransferOperation> {
  return (answered): answered is Answered<TransferOperation> =>
    answered.operation.kind !== 'account' && answered.operation.id === id;
}

/** @throws Error if the answers about one transfer do not agree with its final state. */
function assertFits(
  answered: readonly Answered<TransferOperation>[],
  world: World,
  id: string,
  { charges }: Log,
): void {
  const transfer = world.transfers.get(id);
  const countOf = (kind: string, fits: (answer: Answer) => boolean): number =>
    answered.filter(({ operation, answer }) => operation.kind === kind && fits(answer)).length;
  const history = (): string =>
    `\n  became ${textOf({ ...transfer, charges: charges.get(id) })}\n${answered.map((one) => `  ${textOf(one)}`).join('\n')}`;

  const created = countOf('put', ({ status }) => status === 201) + countOf('funds', ({ status }) => status === 201);
  if (created !== (transfer ? 1 : 0))
    throw new Error(`${created} callers were answered that they created ${id}${history()}`);
  const charged = countOf('charges', ({ status }) => status === 201);
  if (charged !== (charges.has(id) ? 1 : 0))
    throw new Error(`${charged} callers were answered that they charged ${id}${history()}`);
  if (transfer && !hasCause(transfer, answered)) throw new Error(`No answer explains how ${id} ended${history()}`);
  for (const one of answered) {
    if (!isPlausible(one, world, id)) throw new Error(`The model cannot give this answer: ${textOf(one)}${history()}`);
  }
}

/** Whether a caller was answered that it executed or rejected the transfer, unless the transfer expired. */
function hasCause(
  { path, content, reason, fulfillment, hasExpired }: ModelTransfer,
  answered: readonly Answered[],
): boolean {
  const state = path.at(-1)!;
  if (state === 'executed' && content.lock === null) return true;
  if (state === 'executed' || fulfillment !== null) {
    return answered.some(({ operation, answer }) => operation.kind === 'fulfil' && answer.fulfillment === fulfillment);
  }
  if (state !== 'rejected' || hasExpired) return true;
  return answered.some(({ answer }) => answer.transfer?.state === state && answer.transfer.reason === reason);
}

/**
 * Whether the model would have given this answer at some moment, with an effect that agrees with the end of the
 * transfer. The state, the time, and whether the charges and the accounts opened by operations existed at that moment
 * are unknown, so all combinations are tried. Balances are unknown too: a refusal for lack of money is plausible
 * wherever the operation would otherwise have had an effect.
 */
function isPlausible({ operation, answer }: Answered<TransferOperation>, end: World, id: string): boolean {
  const isForLack = answer.error === 'InsufficientFundsError' || answer.error === 'UnprocessableEntityError';
  // Accounts that are opened by operations may not have existed yet.
  if (operation.kind === 'funds' && answer.status === 404) return !OPENED.some((name) => name === operation.account);
  const { owner: _, account: __, ...expected } = answer;
  return momentsOf(operation, end, id).some((before) => {
    const step = apply(before, operation);
    const isRefusedAlike = step.answer.error === answer.error;
    const wouldHaveHappened = step.world.transfers.get(id) !== before.transfers.get(id) || step.answer.status === 201;
    if (isForLack) return isRefusedAlike || wouldHaveHappened;
    const { account: ___, ...modelled } = step.answer;
    return isDeepStrictEqual(modelled, expected) && isOnTheWay(step.world, end, id);
  });
}

function momentsOf(operation: TransferOperation, end: World, id: string): World[] {
  const transfer = end.transfers.get(id);
  const pasts = transfer ? [undefined, ...transfer.path.map((_, index) => asItWas(transfer, index + 1))] : [undefined];
  const times = timesOf([transfer?.content, operation.kind === 'put' ? operation.content : undefined], end.graceMs);
  const allCharges = [new Map<string, never>(), end.charges];
  const names = [...namesOf(operation), ...end.accounts.keys()];
  return pasts.flatMap((past) =>
    times.flatMap((now) =>
      allCharges.flatMap((charges) =>
        openingsOf(names, past).map((accounts) => ({
          ...emptyWorld(end.graceMs),
          now,
          accounts,
          charges,
          transfers: new Map(past ? [[id, past]] : []),
        })),
      ),
    ),
  );
}

/**
 * Sets of accounts that may have existed: at least those of the transfer. Any of them may have been disabled for a
 * while.
 */
function openingsOf(names: readonly string[], past: ModelTransfer | undefined): World['accounts'][] {
  const certain = new Set<string>([...OPENED, ...(past ? [past.content.from, past.content.to] : [])]);
  const opened = names.filter((name) => certain.has(name));
  return [accountsNamed(names), accountsNamed(opened), accountsNamed(names, { isDisabled: true })];
}

function accountsNamed(names: readonly string[], { isDisabled = false } = {}): World['accounts'] {
  return new Map(
    names.map((name) => [
      name,
      { floor: null, cap: null, isDisabled, kind: kindOf(name), isDirect: isDirectAtFirst(name) },
    ]),
  );
}

function asItWas(transfer: ModelTransfer, length: number): ModelTransfer {
  if (length === transfer.path.length) return transfer;
  const path = transfer.path.slice(0, length);
  return {
    ...transfer,
    path,
    authorized: path.includes('prepared'),
    reason: null,
    hasExpired: false,
    fulfillment: null,
  };
}

/** One time before the expiry, one after, and with a grace one within it. */
function timesOf(contents: readonly (Content | undefined)[], graceMs: number): number[] {
  const ends = contents.flatMap((content) => content?.expiresAt ?? []);
  return [0, ...ends, ...ends.map((end) => end + graceMs)];
}

function namesOf(operation: TransferOperation): string[] {
  if (operation.kind === 'put') return [operation.content.from, operation.content.to];
  if (operation.kind === 'funds') return [operation.account];
  return operation.kind === 'charges' ? operation.charges.flatMap(({ from, to }) => [from, to]) : [];
}

/** Whether the transfer and its charges could still reach their end from here. */
function isOnTheWay(world: World, end: World, id: string): boolean {
  const transfer = world.transfers.get(id);
  const became = end.transfers.get(id);
  const charges = chargesOf(world, id);
  if (charges.length > 0 && !areSameCharges(charges, chargesOf(end, id))) return false;
  if (!transfer) return true;
  if (!became || !isSameContent(transfer.content, became.content)) return false;
  if (!transfer.path.every((state, index) => became.path[index] === state)) return false;
  return !isFinal(transfer) || isSameEnd(transfer, became);
}

function isSameEnd(a: ModelTransfer, b: ModelTransfer): boolean {
  return a.reason === b.reason && a.fulfillment === b.fulfillment && a.hasExpired === b.hasExpired;
}
