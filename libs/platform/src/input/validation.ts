import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { bodyMismatch, cutText } from '@level-one/errors';
import { plainToInstance } from 'class-transformer';
import { registerDecorator, validate, type ValidationError, type ValidationOptions } from 'class-validator';
import { amountProblem, ANY_UNIT, type OwnUnit, statedUnitProblem } from '@level-one/money';
import { CommonErrorId, commonError } from '../errors/errors.js';
import { acceptedInstance, ruledMembers } from './accepted-dto.js';

/** Constraint of well-formed but not allowed amounts, answered 422 instead of 400 (ruling 8). */
const NOT_ALLOWED = 'isAllowedAmount';

type AmountFault = 'form' | 'not allowed' | undefined;

function faultOf(value: unknown, allowZero: boolean): AmountFault {
  // The limits of a certain ledger are checked where the amount is used (422).
  const problem = amountProblem(value, { ...ANY_UNIT, allowZero });
  if (!problem) return undefined;
  return problem.reason === 'form' ? 'form' : 'not allowed';
}

/** A decimal amount, as a string or a JSON number (contract 0.3): bad form 400, zero, negative or too precise 422. */
export function IsAmount(options: { allowZero?: boolean } = {}, validationOptions?: ValidationOptions) {
  const allowZero = options.allowZero ?? false;
  return (target: object, propertyName: string): void => {
    const register = (name: string, message: string, validateValue: (value: unknown) => boolean): void =>
      registerDecorator({
        name,
        target: target.constructor,
        propertyName,
        options: { message, ...validationOptions },
        validator: { validate: validateValue },
      });
    register('isAmount', '$property must be a decimal amount', (value) => faultOf(value, allowZero) !== 'form');
    register(
      NOT_ALLOWED,
      'Amount must be a positive number excluding zero, within what a ledger can hold.',
      (value) => faultOf(value, allowZero) !== 'not allowed',
    );
  };
}

/** UUID of any version (contract 0.3), in any case. Compare in lower case. */
export const UUID = /^[a-fA-F0-9]{8}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}$/;

export function isContractUuid(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

interface FlatError {
  field: string;
  constraint: string;
  message: string;
}

/** Key of the contract for a missing field (6.2), among the messages of its constraints. */
const MISSING_KEY = /^[A-Z][A-Za-z]*Missing(Error)?$/;

/** One message for a missing field; all different messages for a wrong one. */
function problemsOf({ constraints = {}, value, property }: ValidationError, field: string): FlatError[] {
  const problems = Object.entries(constraints).map(([constraint, message]) => ({ field, constraint, message }));
  if (problems.length === 0) return [];
  const missing = problems.find(({ message }) => MISSING_KEY.test(message));
  if (value === undefined || value === null) {
    return [missing ?? { field, constraint: 'missing', message: `${property} is missing` }];
  }
  const wrong = problems.filter(({ message }) => !MISSING_KEY.test(message));
  return wrong.length > 0 ? wrong : [missing!];
}

function flattenErrors(errors: ValidationError[], parent = ''): FlatError[] {
  return errors.flatMap((error) => {
    const field = parent ? `${parent}.${error.property}` : error.property;
    return [...problemsOf(error, field), ...flattenErrors(error.children ?? [], field)];
  });
}

/** Maximum of validation errors reported per body. */
export const VALIDATION_ERRORS_MAX = 100;

function validationFailure(errors: FlatError[], source: ArgumentMetadata['type'], schema: string): Error {
  const reported = errors.slice(0, VALIDATION_ERRORS_MAX);
  const validationErrors = reported.map(({ field, message }) => ({ message, params: { field } }));
  const notAllowed = errors.find((error) => error.constraint === NOT_ALLOWED);
  if (notAllowed && errors.every((error) => error.constraint === NOT_ALLOWED)) {
    return commonError(CommonErrorId.UnprocessableEntity, {
      message: notAllowed.message,
      extras: { validationErrors },
    });
  }
  if (source === 'body') return bodyMismatch(schema, validationErrors);
  const message = errors[0]?.message ?? schema;
  return commonError(CommonErrorId.InvalidUriParameter, { message, extras: { validationErrors } });
}

/** In a body null means absent. */
export function withoutNulls(value: object): object {
  const members = Object.entries(value);
  return members.every(([, member]) => member !== null)
    ? value
    : Object.fromEntries(members.filter(([, member]) => member !== null));
}

/** Errors for members of a DTO, and of nested ones, that name a unit other than the role's own. */
function unitErrors(dto: object, unit: OwnUnit | undefined, path = ''): FlatError[] {
  const ruled = ruledMembers(dto.constructor);
  const problem = statedUnitProblem(dto as Record<string, unknown>, unit, (name) => ruled.has(name));
  const own = problem && [{ constraint: NOT_ALLOWED, message: problem.message, field: path + problem.field }];
  const inside = Object.entries(dto).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value !== 'object') return [];
    return [value].flat().flatMap((member: unknown, index) => {
      if (!isInstance(member)) return [];
      return unitErrors(member, unit, `${path}${name}.${Array.isArray(value) ? `${index}.` : ''}`);
    });
  });
  return own ? [...own, ...inside] : inside;
}

/** Plain data, for example a memo, is not checked. */
function isInstance(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) !== Object.prototype;
}

/** Unit of a role, if its settings have one. */
export function unitOf(settings: object): OwnUnit | undefined {
  const { currency, scale, precision } = settings as Partial<OwnUnit>;
  return currency === undefined || scale === undefined || precision === undefined
    ? undefined
    : { currency, scale, precision };
}

const STRICT = new WeakSet<Function>();

/** Says of the DTO of a query that a parameter which it does not name is refused. */
export function StrictQuery(): ClassDecorator {
  return (dto) => void STRICT.add(dto);
}

function assertNamed(dto: Type<object>, query: object): void {
  const known = ruledMembers(dto);
  const unknown = Object.keys(query).find((name) => !known.has(name));
  if (unknown === undefined) return;
  const message = `The parameter ${cutText(unknown, 64)} is not known; known are ${[...known].join(', ')}`;
  throw commonError(CommonErrorId.InvalidUriParameter, { message });
}

/**
 * Checks bodies and queries against their DTO class. Unknown members are ignored (contract 0.3), except members that
 * name a unit of amounts: they must name the role's own unit, and are refused if it has none.
 */
@Injectable()
export class ContractValidationPipe implements PipeTransform {
  constructor(private readonly unit?: OwnUnit) {}

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const dto = metadata.metatype;
    // `custom` are values of the framework itself, for example a socket or a request.
    if (metadata.type === 'custom' || !dto || PLAIN_TYPES.has(dto)) return value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw validationFailure(
        [{ field: '', constraint: 'object', message: 'must be an object' }],
        metadata.type,
        schemaName(dto),
      );
    }
    const given = withoutNulls(value);
    if (metadata.type === 'query' && STRICT.has(dto)) assertNamed(dto, given);
    const instance = acceptedInstance(dto, given);
    return instance ? this.withOwnUnit(instance, metadata.type) : this.validated(dto, given, metadata.type);
  }

  private async validated(dto: Type<object>, given: object, source: ArgumentMetadata['type']): Promise<object> {
    const instance = plainToInstance(dto, given, { exposeDefaultValues: true });
    const errors = await validate(instance, { forbidUnknownValues: false });
    if (errors.length > 0) throw validationFailure(flattenErrors(errors), source, schemaName(dto));
    return this.withOwnUnit(instance, source);
  }

  private withOwnUnit(instance: object, source: ArgumentMetadata['type']): object {
    const problems = unitErrors(instance, this.unit);
    if (problems.length > 0) throw validationFailure(problems, source, schemaName(instance.constructor));
    return instance;
  }
}

/** Values of these types have no rules of their own. */
const PLAIN_TYPES: ReadonlySet<unknown> = new Set([String, Number, Boolean, Object, Array, Buffer]);

function schemaName(dto: Function): string {
  return dto.name.replace(/Dto$/, '');
}
