import { partsOf } from '@level-one/work';
import { type Type } from '@nestjs/common';
import { bodyMismatch, ContractError, type FieldProblem } from '@level-one/errors';
import type { OwnUnit } from '@level-one/money';
import { ContractValidationPipe, VALIDATION_ERRORS_MAX } from '@level-one/platform';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Rules that are checked in a few milliseconds. */
const CHECKED_AT_ONCE = 20;

/**
 * Checks a body against its DTO as the global pipe does; for routes that take more than one kind of body.
 * @throws ContractError 400 InvalidBodyError, 422 UnprocessableEntityError
 */
export async function validatedBody<T>(dto: Type<T>, body: unknown, unit: OwnUnit): Promise<T> {
  return (await new ContractValidationPipe(unit).transform(body, { type: 'body', metatype: dto })) as T;
}

export function isObject(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

/**
 * Checks a body with a long list `rules`, a few rules at a time, so that other requests are served in between.
 * @throws ContractError 400 InvalidBodyError
 */
export async function validatedRules<T extends { rules: unknown[] }>(
  dto: Type<T>,
  body: unknown,
  { max, unit }: { max: number; unit: OwnUnit },
): Promise<T> {
  const rules = (body as Partial<T> | null | undefined)?.rules;
  if (!Array.isArray(rules)) return validatedBody(dto, body, unit);
  if (rules.length > max) throw rulesMismatch(dto, [problemIn('rules', `rules must have at most ${max} elements`)]);
  const envelope = await validatedBody(dto, { ...(body as object), rules: [] }, unit);
  const problems: FieldProblem[] = [];
  let start = 0;
  for (const part of partsOf(rules, CHECKED_AT_ONCE)) {
    try {
      envelope.rules.push(...(await validatedBody(dto, { rules: part }, unit)).rules);
    } catch (error) {
      problems.push(...problemsOf(error, start));
      if (problems.length >= VALIDATION_ERRORS_MAX) break;
    }
    start += part.length;
    await nextTurn();
  }
  if (problems.length > 0) throw rulesMismatch(dto, problems.slice(0, VALIDATION_ERRORS_MAX));
  return envelope;
}

/** Problems of a part of a list, with the places in the whole list. */
function problemsOf(error: unknown, start: number): FieldProblem[] {
  if (!(error instanceof ContractError)) throw error;
  const problems = (error.extras as { validationErrors?: FieldProblem[] } | undefined)?.validationErrors ?? [];
  return problems.map(({ message, params }) =>
    problemIn(
      params.field.replace(/^rules\.(\d+)/, (_all, place: string) => `rules.${Number(place) + start}`),
      message,
    ),
  );
}

function problemIn(field: string, message: string): FieldProblem {
  return { message, params: { field } };
}

function rulesMismatch(dto: Type<unknown>, problems: FieldProblem[]): Error {
  return bodyMismatch(dto.name.replace(/Dto$/, ''), problems);
}
