import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { sendError, toContractError } from '../errors/errors.js';
import { BODY_LIMIT_BYTES, installBodyParsers, installUriGate } from './body-parsers.js';

const LONG = 40_000;

describe('what reaches a handler', () => {
  let server: FastifyInstance;

  beforeAll(async () => {
    server = new FastifyAdapter({ bodyLimit: BODY_LIMIT_BYTES }).getInstance<FastifyInstance>();
    server.setErrorHandler((error, _request, reply) => sendError(reply, toContractError(error)));
    const app = { getHttpAdapter: () => ({ getInstance: () => server }) } as unknown as NestFastifyApplication;
    installBodyParsers(app, {});
    installUriGate(app);
    server.post('/bodies', (request) => Promise.resolve({ body: request.body ?? 'nothing' }));
    server.get('/values/:id', (request) => Promise.resolve({ params: request.params, query: request.query }));
    await server.ready();
  });

  afterAll(() => server.close());

  const post = async (payload: string | Buffer, contentType = 'application/json') => {
    const headers = { 'content-type': contentType };
    const { statusCode, body } = await server.inject({ method: 'POST', url: '/bodies', payload, headers });
    return { status: statusCode, body: JSON.parse(body) as unknown };
  };
  const get = async (url: string) => {
    const { statusCode, body } = await server.inject({ url });
    return { status: statusCode, body: JSON.parse(body) as unknown };
  };
  const REFUSED = { status: 400, body: { id: 'InvalidBodyError' } };

  it('is JSON as it was sent, short or long', async () => {
    for (const text of ['é€😀', 'x'.repeat(LONG)]) {
      expect(await post(JSON.stringify({ text, list: [1, null] }))).toEqual({
        status: 200,
        body: { body: { text, list: [1, null] } },
      });
    }
    expect(await post('')).toMatchObject({ status: 200, body: { body: 'nothing' } });
    const latin1 = Buffer.from('{"a":"\xe9"}', 'latin1');
    expect(await post(latin1, 'application/json; charset=iso-8859-1')).toMatchObject({ body: { body: { a: 'é' } } });
  });

  it.each([
    ['no JSON', '{"a":'],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['the character NUL', '{"a":"\\u0000"}'],
    ['half of a surrogate pair', '{"a":["\\ud800"]}'],
    ['a repeated member', '{"a":1,"a":2}'],
    ['a reserved name', '{"a":{"constructor":1}}'],
    ['a number that would be rounded', '{"a":12345678901234567.89}'],
    ['too many levels', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
    ['a wrong end of a long text', `{"a":"${'x'.repeat(LONG)}"`],
    ['NUL in a long text', `{"a":"${'x'.repeat(LONG)}\\u0000"}`],
  ])('is not %s', async (_what, body) => {
    expect(await post(body)).toMatchObject(REFUSED);
  });

  it('is no compressed body and none in an unknown charset', async () => {
    expect(await post('{}', 'application/json; charset=utf-7')).toMatchObject({ status: 415 });
    expect(await post('{}', 'text/plain')).toMatchObject({ status: 415 });
  });

  it('is no parameter that cannot be stored', async () => {
    expect(await get('/values/a%C3%A9?q=b')).toEqual({
      status: 200,
      body: { params: { id: 'aé' }, query: { q: 'b' } },
    });
    const refused = { status: 400, body: { id: 'InvalidUriParameterError' } };
    expect(await get('/values/a%00')).toMatchObject(refused);
    expect(await get('/values/a?q=%00')).toMatchObject(refused);
    expect(await get('/values/a?q=b&q=%00')).toMatchObject(refused);
  });
});
