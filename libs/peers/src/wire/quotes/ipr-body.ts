import { cutText } from '@level-one/errors';
import { CommonErrorId, commonError, isContractUuid } from '@level-one/platform';
import { parseTimestamp } from '@level-one/ilp';

/** Members of a body or a query of the ILP functions, whose messages are the contract's (3.8). */
type Members = Readonly<Record<string, unknown>>;

const AMOUNT = /^\d{1,20}(\.\d{1,9})?$/;

function invalid(message: string): Error {
  return commonError(CommonErrorId.InvalidBody, { message });
}

function shown(value: unknown): string {
  return cutText(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''), 64);
}

/** @throws ContractError 400 InvalidBodyError "missing JSON body field X" */
export function textField(body: Members, name: string, lengthMax = 1_024): string {
  const value = body[name];
  if (value === undefined || value === null || value === '') throw invalid(`missing JSON body field ${name}`);
  if (typeof value === 'string' && value.length <= lengthMax) return value;
  throw invalid(`${name} (${shown(value)}) is not a text of at most ${lengthMax} characters`);
}

/** @throws ContractError 400 InvalidUriParameterError "missing query parameter X" */
export function textParameter(query: Members, name: string, lengthMax = 1_024): string {
  const value = query[name];
  if (typeof value === 'string' && value !== '' && value.length <= lengthMax) return value;
  throw commonError(CommonErrorId.InvalidUriParameter, {
    message:
      value === undefined || value === '' ? `missing query parameter ${name}` : `${name} (${shown(value)}) is invalid`,
  });
}

/** A decimal amount, as text or as a number. @throws ContractError 400 "X (v) is an invalid decimal amount" */
export function amountField(body: Members, name: string): string {
  const value = typeof body[name] === 'number' ? String(body[name]) : textField(body, name);
  if (AMOUNT.test(value)) return value;
  throw invalid(`${name} (${shown(value)}) is an invalid decimal amount`);
}

/** In lower case. @throws ContractError 400 "X (v) is an invalid uuid" */
export function uuidField(body: Members, name: string): string {
  const value = textField(body, name);
  if (isContractUuid(value)) return value.toLowerCase();
  throw invalid(`${name} (${shown(value)}) is an invalid uuid`);
}

/** @throws ContractError 400 "X (v) is an invalid time" */
export function timeField(body: Members, name: string): Date {
  const text = textField(body, name);
  const value = parseTimestamp(text);
  if (value) return value;
  throw invalid(`${name} (${shown(body[name])}) is an invalid time`);
}

/** Whole seconds, as a number or as text. @throws ContractError 400 "X (v) is an invalid number of seconds" */
export function secondsField(body: Members, name: string, max: number): number {
  const value = typeof body[name] === 'number' ? body[name] : Number(textField(body, name));
  if (Number.isInteger(value) && value > 0 && value <= max) return value;
  throw invalid(`${name} (${shown(body[name])}) is an invalid number of seconds, 1 to ${max}`);
}

/** @throws ContractError 400 "ipr (v) contains invalid base64url." (N100) */
export function invalidIpr(ipr: string, cause: unknown): Error {
  return commonError(CommonErrorId.InvalidBody, { message: `ipr (${shown(ipr)}) contains invalid base64url.`, cause });
}
