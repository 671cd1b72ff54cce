import { type ArgumentMetadata, Injectable, type PipeTransform, type Type } from '@nestjs/common';
import { bodyMismatch } from '@level-one/errors';
import { plainToInstance } from 'class-transformer';
import {
  getMetadataStorage,
  registerDecorator,
  validate,
  type ValidationError,
  type ValidationOptions,
} from 'class-validator';
import { amountProblem, ANY_UNIT, type OwnUnit, statedUnitProblem } from '@level-one/money';
import { CommonErrorId, commonError } from '../errors/errors.js';
import { inSlices } from '@level-one/work';
import { checkSteps, InputError } from './input-gate.js';

/** Constraint of well-formed but not allowed amounts, answered 422 instead of 400 (ruling 8). */
const NOT_ALLOWED = 'isAllowedAmount';

function problemOf(value: unknown, allowZero: boolean): 'form' | 'not allowed' | undefined {
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
    register('isAmount', '$property must be a decimal amount', (value) => problemOf(value, allowZero) !== 'form');
    register(
      NOT_ALLOWED,
      'Amount must be a positive number excluding zero, within what a ledger can hold.',
      (value) => problemOf(value, allowZero) !== 'not allowed',
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

/** Problem of a value by {@link checkSteps}. Bodies from HTTP have passed that check already. */
async function formProblem(value: unknown): Promise<string | undefined> {
  try {
    await inSlices(checkSteps(value));
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

/** In a body null means absent. */
function withoutNulls(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null));
}

/** Whether the DTO declares the property. */
function declaresProperty(dto: object, name: string): boolean {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto.constructor, '', false, false);
  return rules.some(({ propertyName }) => propertyName === name);
}

/** Errors for members of a DTO, and of nested ones, that name a unit other than the role's own. */
function unitErrors(dto: object, unit: OwnUnit | undefined, path = ''): FlatError[] {
  const problem = statedUnitProblem(dto as Record<string, unknown>, unit, (name) => declaresProperty(dto, name));
  const own = problem && [{ constraint: NOT_ALLOWED, message: problem.message, field: path + problem.field }];
  const inside = Object.entries(dto).flatMap(([name, value]) =>
    [value].flat().flatMap((member: unknown, index) => {
      if (!isInstance(member)) return [];
      return unitErrors(member, unit, `${path}${name}.${Array.isArray(value) ? `${index}.` : ''}`);
    }),
  );
  return [...(own ?? []), ...inside];
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

/**
 * Checks bodies and queries against their DTO class. Unknown members are ignored (contract 0.3), except members that
 * name a unit of amounts: they must name the role's own unit, and are refused if it has none.
 */
@Injectable()
export class ContractValidationPipe implements PipeTransform {
  constructor(private readonly unit?: OwnUnit) {}

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const dto = metadata.metatype;
    // `custom` are values of the framework itself, for example a socket or a request.
    if (metadata.type === 'custom') return value;
    const problem = await formProblem(value);
    if (problem)
      throw validationFailure(
        [{ field: metadata.data ?? '', constraint: 'form', message: problem }],
        metadata.type,
        'JSON',
      );
    if (!dto || [String, Number, Boolean, Object, Array, Buffer].includes(dto as never)) return value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw validationFailure(
        [{ field: '', constraint: 'object', message: 'must be an object' }],
        metadata.type,
        schemaName(dto),
      );
    }
    const instance = plainToInstance(dto, withoutNulls(value), { exposeDefaultValues: true }) as object;
    const errors = await validate(instance, { forbidUnknownValues: false });
    if (errors.length > 0) throw validationFailure(flattenErrors(errors), metadata.type, schemaName(dto));
    const unitProblems = unitErrors(instance, this.unit);
    if (unitProblems.length > 0) throw validationFailure(unitProblems, metadata.type, schemaName(dto));
    return instance;
  }
}

function schemaName(dto: Type<unknown>): string {
  return dto.name.replace(/Dto$/, '');
}
