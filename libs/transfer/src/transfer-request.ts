import { ConditionError, parseCondition, parseTimestamp } from '@level-one/ilp';
import { invalidBody } from '@level-one/errors';
import { amountProblem, type OwnUnit, readAmount, statedUnitProblem } from '@level-one/money';
import type { ContractError } from '@level-one/errors';
import type { LedgerUris } from './ledger-uris.js';
import type { JsonObject, TransferContent } from './transfer.entity.js';
import { TransferErrorCode, transferError } from './transfer-errors.js';

/** Parsed body of `PUT /transfers/{id}`. */
export interface TransferRequest {
  content: TransferContent;
  /** The caller authorizes the debit. */
  authorized: boolean;
  /** Reason if the caller rejects the credit, else null. */
  rejection: Rejection | null;
}

/** Reason of a rejection; further members are kept and passed on. */
export type Rejection = JsonObject & { message: string };

/** Unit and URIs of the ledger that parses a request. */
export interface LedgerFormat extends OwnUnit {
  uris: LedgerUris;
}

export const MEMO_BYTES_MAX = 46 * 1024;
export const REASON_BYTES_MAX = 2 * 1024;
export const MEMO_DEPTH_MAX = 200;

/**
 * NUL and lone surrogates as JSON escapes, which the database cannot store. An escaped backslash before `u0000` does
 * not match.
 */
const UNSTORABLE = /(?<!\\)(\\\\)*\\u(0000|d[89a-f])/;
export const UUID = /^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$/i;

/** Parses the id in the path of a request, into lower case. @throws ContractError 400 InvalidUriParameterError */
export function parseTransferId(text: string): string {
  if (!UUID.test(text)) {
    const validationErrors = [{ message: 'must be a UUID', params: { id: text } }];
    throw transferError(TransferErrorCode.InvalidUriParameter, { extras: { validationErrors } });
  }
  return text.toLowerCase();
}

/**
 * Parses the body of `PUT /transfers/{id}` (contract 3.3; row 27 also in its flat form). Every wrong form is refused
 * with 400 before anything not allowed is refused with 422.
 *
 * @throws ContractError 400 InvalidBodyError, 413 PayloadTooLargeError, 422 UnprocessableEntityError or
 * UnsupportedCryptoConditionError.
 */
export function parseTransferRequest(id: string, body: unknown, ledger: LedgerFormat): TransferRequest {
  const flat = objectOf(body, '');
  const given = fromFlatForm(flat);
  if (given['type'] !== undefined) throw invalidBody('Transfer', 'type', 'must not be sent');
  checkId(given['id'], id);
  checkLedger(given['ledger'], ledger.uris);
  const [debit, ...moreDebits] = objectsOf(given['debits'], 'debits');
  const [credit, ...moreCredits] = objectsOf(given['credits'], 'credits');
  if (!debit || !credit) throw invalidBody('Transfer', debit ? 'credits' : 'debits', 'must have one entry');

  const debitReference = textOf(debit['account'], 'debits[0].account');
  const creditReference = textOf(credit['account'], 'credits[0].account');
  const debitMemo = memoOf(debit['memo'], 'debits[0].memo');
  const creditMemo = memoOf(credit['memo'], 'credits[0].memo');
  const additionalInfo = memoOf(given['additional_info'], 'additional_info');
  const authorized = flagOf(debit['authorized'], 'debits[0].authorized');
  const rejected = flagOf(credit['rejected'], 'credits[0].rejected');
  const rejection = rejected ? parseRejection(credit['rejection_message'] ?? 'rejected') : null;
  const expiresAt = timeOf(given['expires_at'], 'expires_at');
  checkAmountForm(debit['amount'], 'debits[0].amount');
  checkAmountForm(credit['amount'], 'credits[0].amount');
  const executionCondition = conditionOf(given['execution_condition'], 'execution_condition');
  const cancellationCondition = conditionOf(
    given['cancellation_condition'] ?? given['cancelation_condition'],
    'cancellation_condition',
  );

  if (moreDebits.length > 0 || moreCredits.length > 0)
    throw notAllowed('More than one debit or credit is not supported');
  for (const part of [flat, debit, credit]) assertOwnUnit(part, ledger);
  const amount = amountOf(debit['amount'], ledger);
  if (amountOf(credit['amount'], ledger) !== amount) throw notAllowed('Total credits must equal total debits');
  if (executionCondition !== null && expiresAt === null) {
    throw notAllowed('expires_at is required on a conditional transfer');
  }
  return {
    content: {
      id,
      debitAccount: accountOf(debitReference, ledger.uris),
      creditAccount: accountOf(creditReference, ledger.uris),
      amount,
      debitMemo,
      creditMemo,
      additionalInfo,
      executionCondition,
      cancellationCondition,
      expiresAt,
    },
    authorized,
    rejection,
  };
}

/**
 * Parses the reason of a rejection (contract 3.5): a text, or an object with a text `message`.
 *
 * @throws ContractError 400 InvalidBodyError, 413 PayloadTooLargeError.
 */
export function parseRejection(body: unknown): Rejection {
  const rejection = typeof body === 'string' ? { message: body } : objectOf(body, '');
  const { message } = rejection;
  if (typeof message !== 'string' || message === '' || !isStorable(message)) {
    throw transferError(TransferErrorCode.InvalidBody, { message: 'The reason of a rejection must be a text' });
  }
  if (Buffer.byteLength(message) > REASON_BYTES_MAX) {
    throw transferError(TransferErrorCode.PayloadTooLarge, {
      message: `The reason of a rejection must not exceed ${REASON_BYTES_MAX} bytes`,
    });
  }
  return parseMemo(rejection, 'rejection') as Rejection;
}

/** Whether the database can store the text: no NUL, no lone surrogate. */
function isStorable(text: string): boolean {
  return !/[\0\p{Cs}]/u.test(text);
}

/** 422 UnprocessableEntityError for an unknown account. */
export function unknownAccount(reference: string): ContractError {
  return notAllowed(`Account \`${reference}\` does not exist`);
}

function notAllowed(message: string): ContractError {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}

/** @throws ContractError 422 UnprocessableEntityError if the members state another currency, scale or precision. */
export function assertOwnUnit(stated: Readonly<Record<string, unknown>>, unit: OwnUnit): void {
  const problem = statedUnitProblem(stated, unit);
  if (problem) throw notAllowed(problem.message);
}

/** Converts the flat form of row 27, which has all members of a transfer with one debit and one credit side by side. */
function fromFlatForm(body: JsonObject): JsonObject {
  if (body['debitAccount'] === undefined && body['creditAccount'] === undefined) return body;
  return {
    id: body['uuid'] ?? body['id'],
    debits: [
      {
        account: body['debitAccount'],
        amount: body['amount'],
        memo: body['debitMemo'],
        authorized: body['authorized'],
      },
    ],
    credits: [{ account: body['creditAccount'], amount: body['amount'], memo: body['creditMemo'] }],
    execution_condition: body['executionCondition'],
    cancellation_condition: body['cancellationCondition'],
    expires_at: body['expiresAt'],
  };
}

function checkId(value: unknown, id: string): void {
  if (isAbsent(value)) return;
  const last = textOf(value, 'id').split('/').at(-1);
  if (last?.toLowerCase() !== id) throw invalidBody('Transfer', 'id', 'must be the id in the path');
}

function checkLedger(value: unknown, uris: LedgerUris): void {
  if (isAbsent(value) || value === uris.base) return;
  throw transferError(TransferErrorCode.InvalidBody, { message: 'Transfer contains incorrect ledger URI' });
}

function accountOf(reference: string, uris: LedgerUris): string {
  const name = uris.accountName(reference);
  if (name === undefined) throw unknownAccount(reference);
  return name;
}

function checkAmountForm(value: unknown, field: string): void {
  if (amountProblem(value)?.reason === 'form') throw invalidBody('Transfer', field, 'must be a decimal number');
}

function amountOf(value: unknown, { scale, precision }: LedgerFormat): bigint {
  return readAmount(value, { scale, precision }, ({ message }) => notAllowed(message));
}

/** Checks a condition and returns its text. */
function conditionOf(value: unknown, field: string): string | null {
  if (isAbsent(value)) return null;
  const text = textOf(value, field);
  try {
    parseCondition(text);
    return text;
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    if (error.reason === 'malformed') throw invalidBody('Transfer', field, 'is not a well-formed condition');
    throw transferError(TransferErrorCode.UnsupportedCryptoCondition, { message: error.message });
  }
}

function timeOf(value: unknown, field: string): Date | null {
  if (isAbsent(value)) return null;
  const time = parseTimestamp(textOf(value, field));
  if (!time) throw invalidBody('Transfer', field, 'must be an ISO 8601 time with a time zone');
  return time;
}

function memoOf(value: unknown, field: string): JsonObject | null {
  return isAbsent(value) ? null : parseMemo(value, field);
}

/** Checks an object that is stored unchanged. @throws ContractError 400 InvalidBodyError, 413 PayloadTooLargeError */
export function parseMemo(value: unknown, field: string): JsonObject {
  const memo = objectOf(value, field);
  if (isDeeperThan(memo, MEMO_DEPTH_MAX))
    throw invalidBody('Transfer', field, `must not nest deeper than ${MEMO_DEPTH_MAX} levels`);
  const text = JSON.stringify(memo);
  if (UNSTORABLE.test(text)) throw invalidBody('Transfer', field, 'must be well-formed text without the character NUL');
  if (Buffer.byteLength(text) > MEMO_BYTES_MAX) {
    throw transferError(TransferErrorCode.PayloadTooLarge, {
      message: `${field} is larger than ${MEMO_BYTES_MAX} bytes`,
    });
  }
  return memo;
}

/** Iterative, because deep input could overflow the stack of a recursion. */
function isDeeperThan(value: object, levels: number): boolean {
  let level = [value];
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > levels) return true;
    level = level.flatMap((item): unknown[] => Object.values(item)).filter(isObject);
  }
  return false;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function textOf(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') throw invalidBody('Transfer', field, 'must be a text');
  if (value.includes('\0')) throw invalidBody('Transfer', field, 'must not contain the character NUL');
  return value;
}

function flagOf(value: unknown, field: string): boolean {
  if (isAbsent(value)) return false;
  if (typeof value !== 'boolean') throw invalidBody('Transfer', field, 'must be true or false');
  return value;
}

function objectOf(value: unknown, field: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalidBody('Transfer', field, 'must be an object');
  return value as JsonObject;
}

function objectsOf(value: unknown, field: string): JsonObject[] {
  if (!Array.isArray(value)) throw invalidBody('Transfer', field, 'must be an array');
  return value.map((item, index) => objectOf(item, `${field}[${index}]`));
}
