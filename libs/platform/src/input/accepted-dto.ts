import type { Type } from '@nestjs/common';
import { TransformationType } from 'class-transformer';
// It is what `@nestjs/mapped-types` reads, too: the package exports no way to its metadata.
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { getMetadataStorage, type ValidationArguments, ValidationTypes } from 'class-validator';
import type { ValidationMetadata } from 'class-validator/types/metadata/ValidationMetadata.js';

/** One check of a decorator. */
type Check = (instance: object, value: unknown) => boolean;

/** What the decorators of one property ask for. */
interface CheckedProperty {
  name: string;
  /** `IsOptional`, `ValidateIf`: the property is checked only if all say so. */
  conditions: Check[];
  checks: Check[];
  isNested: boolean;
}

/** A DTO class, read once from its decorators. */
interface DtoPlan {
  create: () => object;
  /** Classes of members with `@Type`. */
  memberTypes: ReadonlyMap<string, Type<object>>;
  properties: readonly CheckedProperty[];
  /** Names of members that have rules. */
  ruled: ReadonlySet<string>;
}

/** Null: a class whose decorators only the libraries understand. */
const plans = new Map<Function, DtoPlan | null>();

/**
 * The same instance as class-transformer makes of a value, if class-validator accepts it; a fraction of their time,
 * because they collect the rules of a class anew for each value.
 *
 * Undefined: ask the libraries, which find the errors. That is also the result for everything unusual.
 */
export function acceptedInstance(dto: Type<object>, value: object): object | undefined {
  const instance = instanceOf(dto, value);
  return instance !== undefined && isAccepted(instance) ? instance : undefined;
}

/** Names of members that have rules in a DTO class. */
export function ruledMembers(dto: Function): ReadonlySet<string> {
  return planOf(dto)?.ruled ?? new Set(metadataOf(dto).map(({ propertyName }) => propertyName));
}

function planOf(dto: Function): DtoPlan | null {
  let plan = plans.get(dto);
  if (plan === undefined) {
    plan = readPlan(dto);
    plans.set(dto, plan);
  }
  return plan;
}

function instanceOf(dto: Type<object>, value: object): object | undefined {
  const plan = planOf(dto);
  if (!plan) return undefined;
  const instance = plan.create() as Record<string, unknown>;
  for (const [name, given] of Object.entries(value)) {
    if (given === undefined || name in dto.prototype) return undefined;
    const type = plan.memberTypes.get(name);
    const member = type && typeof given === 'object' && given !== null ? memberOf(type, given) : given;
    if (member === undefined) return undefined;
    instance[name] = member;
  }
  return instance;
}

function memberOf(type: Type<object>, given: object): object | undefined {
  if (!Array.isArray(given)) return instanceOf(type, given);
  const members: unknown[] = given.map((one: unknown) => (isPlain(one) ? instanceOf(type, one) : undefined));
  return members.includes(undefined) ? undefined : members;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAccepted(instance: object): boolean {
  const plan = planOf(instance.constructor);
  return plan !== null && plan.properties.every((property) => isPropertyAccepted(instance, property));
}

function isPropertyAccepted(instance: object, { name, conditions, checks, isNested }: CheckedProperty): boolean {
  const value = (instance as Record<string, unknown>)[name];
  if (!conditions.every((applies) => applies(instance, value))) return true;
  return checks.every((holds) => holds(instance, value)) && (!isNested || areNestedAccepted(value));
}

function areNestedAccepted(value: unknown): boolean {
  if (value === undefined) return true;
  if (Array.isArray(value)) return value.every(areNestedAccepted);
  return isPlain(value) && isAccepted(value);
}

function metadataOf(dto: Function): ValidationMetadata[] {
  return getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
}

function readPlan(dto: Function): DtoPlan | null {
  const memberTypes = new Map<string, Type<object>>();
  const properties = new Map<string, CheckedProperty>();
  for (const rule of metadataOf(dto)) {
    const { propertyName: name } = rule;
    const property = properties.get(name) ?? { name, conditions: [], checks: [], isNested: false };
    properties.set(name, property);
    if (!addRule(property, rule)) return null;
  }
  if (!isCopiedAsItIs(dto, [...properties.keys()])) return null;
  for (const name of properties.keys()) {
    const type = defaultMetadataStorage.findTypeMetadata(dto, name);
    if (!type) continue;
    const memberType = type.typeFunction({ newObject: {}, object: {}, property: name });
    if (type.options?.discriminator || !isDto(memberType)) return null;
    memberTypes.set(name, memberType);
  }
  const create = () => new (dto as Type<object>)();
  return { create, memberTypes, properties: [...properties.values()], ruled: new Set(properties.keys()) };
}

/** Whether class-transformer copies these members, under their own names and unchanged but for their types. */
function isCopiedAsItIs(dto: Function, names: readonly string[]): boolean {
  return (
    defaultMetadataStorage.getStrategy(dto) === 'none' &&
    defaultMetadataStorage.getExposedProperties(dto, TransformationType.PLAIN_TO_CLASS).length === 0 &&
    defaultMetadataStorage.getExcludedProperties(dto, TransformationType.PLAIN_TO_CLASS).length === 0 &&
    names.every(
      (name) =>
        defaultMetadataStorage.findTransformMetadatas(dto, name, TransformationType.PLAIN_TO_CLASS).length === 0,
    )
  );
}

const CONVERTED: ReadonlySet<unknown> = new Set([String, Number, Boolean, Date, Buffer, Array, Object, Map, Set]);

function isDto(type: unknown): type is Type<object> {
  return typeof type === 'function' && !CONVERTED.has(type);
}

/** False for a rule that is not one of those read here. */
function addRule(property: CheckedProperty, rule: ValidationMetadata): boolean {
  switch (rule.type) {
    case ValidationTypes.CONDITIONAL_VALIDATION:
      property.conditions.push(rule.constraints[0] as Check);
      return true;
    case ValidationTypes.NESTED_VALIDATION:
      property.isNested = true;
      return true;
    case ValidationTypes.WHITELIST:
      return true;
    case ValidationTypes.CUSTOM_VALIDATION:
    case ValidationTypes.IS_DEFINED:
      return addChecks(property, rule);
    default:
      return false;
  }
}

function addChecks(property: CheckedProperty, rule: ValidationMetadata): boolean {
  const constraints = getMetadataStorage().getTargetValidatorConstraints(rule.constraintCls);
  if (constraints.some(({ async }) => async)) return false;
  for (const { instance: validator } of constraints) {
    const argumentsOf = (object: object, value: unknown): ValidationArguments => ({
      targetName: object.constructor.name,
      property: rule.propertyName,
      object,
      value,
      constraints: rule.constraints,
    });
    property.checks.push((object, value) => {
      if (rule.validateIf && !rule.validateIf(object, value)) return true;
      const given = argumentsOf(object, value);
      // A promise is no boolean: the libraries wait for it.
      const holds = (one: unknown): boolean => validator.validate(one, given) === true;
      return rule.each && Array.isArray(value) ? value.every(holds) : holds(value);
    });
  }
  return true;
}
