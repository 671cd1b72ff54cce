import { NotFoundException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { QueryFailedError } from 'typeorm';
import { CommonErrorId, commonError, sendError, toContractError } from './errors.js';
import type { FastifyReply } from 'fastify';

function outcome(thrown: unknown): string {
  const { status, id } = toContractError(thrown);
  return `${status} ${id}`;
}

describe('toContractError', () => {
  it.each([
    ['an error of the contract', new ContractError(418, 'TeapotError', 'short and stout'), '418 TeapotError'],
    ['an unknown path', new NotFoundException(), '404 NotFoundError'],
    [
      'a pool without a free connection',
      new Error('timeout exceeded when trying to connect'),
      '503 ServiceUnavailableError',
    ],
    [
      'a deadlock',
      new QueryFailedError('SELECT 1', [], Object.assign(new Error('deadlock detected'), { code: '40P01' })),
      '503 ServiceUnavailableError',
    ],
    [
      'a broken rule of the database',
      new QueryFailedError('INSERT', [], Object.assign(new Error('violates check constraint'), { code: '23514' })),
      '500 InternalServerError',
    ],
    ['a bug', new TypeError('undefined is not a function'), '500 InternalServerError'],
    ['nothing', undefined, '500 InternalServerError'],
  ])('%s', (_what, thrown, expected) => {
    expect(outcome(thrown)).toBe(expected);
  });

  it('never shows the cause of an internal error', () => {
    expect(toContractError(new TypeError('secret detail')).toBody()).toEqual({
      id: 'InternalServerError',
      message: 'An internal error occurred',
    });
  });
});

describe('field N: an answer 503', () => {
  it.each([
    [commonError(CommonErrorId.ServiceUnavailable, { retryAfterS: 10 }), ['10']],
    [commonError(CommonErrorId.ServiceUnavailable), ['2']],
    [new ContractError(503, 'ServiceUnavailableError', 'The ledger is busy'), ['2']],
    [commonError(CommonErrorId.External), []],
  ])('always says when to ask again: %s', (error, expected) => {
    const sent: string[] = [];
    const reply = {
      header: (name: string, value: string) => (name === 'retry-after' && sent.push(value), reply),
      status: () => reply,
      type: () => reply,
      send: () => reply,
    };
    sendError(reply as unknown as FastifyReply, error);
    expect(sent).toEqual(expected);
  });
});
