import { ContractError } from '@level-one/errors';

/** What a database that cannot be used suffers from, in the words that health and answers show. */
export enum DatabaseTrouble {
  Away = 'cannot be reached',
  NoAnswer = 'does not answer in time',
  Starting = 'is starting up or recovering',
  ReadOnly = 'is read-only',
  Full = 'is full',
  OutOfMemory = 'is out of memory',
  TooManyConnections = 'has no connection left',
  Busy = 'is busy',
  OtherSchema = 'has another schema than this version needs',
  Refused = 'refuses the login or the rights of this role',
  Tls = 'cannot be reached by TLS as DATABASE_URL asks',
  Broken = 'is damaged or has lost its files',
}

const { Away, NoAnswer, Starting, ReadOnly, Full, OutOfMemory, TooManyConnections, Busy } = DatabaseTrouble;
const { OtherSchema, Refused, Tls, Broken } = DatabaseTrouble;

/** Troubles by SQLSTATE, and by class of SQLSTATEs (two characters); a code of five characters wins. */
const BY_STATE: Readonly<Record<string, DatabaseTrouble>> = {
  '08': Away,
  '57P01': Away,
  '57P02': Away,
  '57P05': Away,
  '57P03': Starting,
  '57014': NoAnswer,
  '25P04': NoAnswer,
  '25006': ReadOnly,
  '53100': Full,
  '53000': OutOfMemory,
  '53200': OutOfMemory,
  '53300': TooManyConnections,
  '53400': TooManyConnections,
  '40': Busy,
  '55P03': Busy,
  '55006': Busy,
  '25P03': Busy,
  // A prepared statement that is not there: it is on a new connection.
  '26000': Busy,
  '3D000': OtherSchema,
  '3F000': OtherSchema,
  '42P01': OtherSchema,
  '42703': OtherSchema,
  '42704': OtherSchema,
  '42883': OtherSchema,
  '57P04': OtherSchema,
  '28': Refused,
  '42501': Refused,
  '58': Broken,
  XX: Broken,
};

/** A constraint that a statement violates at the end of a transaction: a fault of the statement. */
const NO_TROUBLE = new Set(['40002']);

/** Function of the server that refuses a prepared statement whose tables have changed; a new connection prepares it anew. */
const STALE_PLAN = 'RevalidateCachedQuery';
/** SQLSTATEs and functions of the server after which a connection is of no use any more. */
const USELESS_AFTER: ReadonlySet<string> = new Set(['25006', '26000', STALE_PLAN]);

/** Codes of the operating system for a connection that cannot be opened, or is lost. */
const BY_SYSTEM_CODE: Readonly<Record<string, DatabaseTrouble>> = {
  ECONNREFUSED: Away,
  ECONNRESET: Away,
  ECONNABORTED: Away,
  EPIPE: Away,
  ENOTFOUND: Away,
  EAI_AGAIN: Away,
  EHOSTUNREACH: Away,
  EHOSTDOWN: Away,
  ENETUNREACH: Away,
  ENETDOWN: Away,
  EADDRNOTAVAIL: Away,
  ETIMEDOUT: NoAnswer,
};

/** Codes of Node.js for a certificate or an encryption that is refused. */
const TLS_CODE =
  /^(ERR_(SSL|TLS)_|CERT_|CRL_|SELF_SIGNED_CERT|DEPTH_ZERO_|UNABLE_TO_|INVALID_CA|HOSTNAME_MISMATCH|EPROTO$)/;

/** Messages of the driver's errors without a code. */
const BY_MESSAGE: readonly [RegExp, DatabaseTrouble][] = [
  [/^(Query read timeout|timeout expired|timeout exceeded when trying to connect)/, NoAnswer],
  [/^Connection terminated due to connection timeout/, NoAnswer],
  [/^(Connection terminated|The connection was closed|Cannot use a pool after calling end)/, Away],
  [/does not support SSL connections/, Tls],
  [/^Client (has encountered a connection error|was closed)/, Away],
];

/** Waiting does not help: somebody has to change the database or the settings. */
const LASTING: ReadonlySet<DatabaseTrouble> = new Set([OtherSchema, Refused, Tls, Broken]);
/** Every connection is concerned, and not only one statement: health tells of it for a while. */
const FELT: ReadonlySet<DatabaseTrouble> = new Set([ReadOnly, Full, OutOfMemory, OtherSchema, Refused, Broken]);

/** When it is worth to ask again, in seconds. */
const RETRY_AFTER_S: Partial<Record<DatabaseTrouble, number>> = { [Busy]: 1, [Full]: 10, [ReadOnly]: 5 };
const RETRY_AFTER_USUAL_S = 2;

/** The database cannot be used now. */
export class DatabaseTroubleError extends Error {
  override readonly name = 'DatabaseTroubleError';

  constructor(
    readonly trouble: DatabaseTrouble,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
  }
}

function troubleOfState(code: string): DatabaseTrouble | undefined {
  return NO_TROUBLE.has(code) ? undefined : (BY_STATE[code] ?? BY_STATE[code.slice(0, 2)]);
}

/** The trouble of the database that an error tells of; undefined for any other error. */
export function databaseTroubleIn(error: unknown): DatabaseTrouble | undefined {
  if (error instanceof DatabaseTroubleError) return error.trouble;
  if (typeof error !== 'object' || error === null || error instanceof ContractError) return undefined;
  const { code, message, driverError, errors, routine } = error as Record<string, unknown> & { message?: string };
  const inner = driverError ?? (errors as unknown[] | undefined)?.[0];
  if (inner !== undefined && inner !== error) return databaseTroubleIn(inner);
  if (routine === STALE_PLAN) return Busy;
  if (typeof code === 'string' && TLS_CODE.test(code)) return Tls;
  if (typeof code === 'string') return BY_SYSTEM_CODE[code] ?? (code.length === 5 ? troubleOfState(code) : undefined);
  return BY_MESSAGE.find(([pattern]) => pattern.test(message ?? ''))?.[1];
}

/** Whether a new connection may do what this one has refused. */
export function isUselessAfter({ code = '', routine = '' }: { code?: string; routine?: string }): boolean {
  return USELESS_AFTER.has(code) || USELESS_AFTER.has(routine);
}

/** Whether it may pass by itself. */
export function isPassing(trouble: DatabaseTrouble): boolean {
  return !LASTING.has(trouble);
}

/** Whether other statements of the role meet it, too. */
export function isFeltByAll(trouble: DatabaseTrouble): boolean {
  return FELT.has(trouble);
}

/**
 * 503 ServiceUnavailableError with `Retry-After` for an error that tells of a trouble of the database; undefined for any
 * other error.
 */
export function databaseUnavailable(error: unknown): ContractError<'ServiceUnavailableError'> | undefined {
  const trouble = databaseTroubleIn(error);
  if (trouble === undefined) return undefined;
  const message = `The database ${trouble}; try again`;
  const retryAfterS = RETRY_AFTER_S[trouble] ?? RETRY_AFTER_USUAL_S;
  return new ContractError(503, 'ServiceUnavailableError', message, {}, error, retryAfterS);
}
