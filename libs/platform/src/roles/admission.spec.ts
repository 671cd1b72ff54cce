import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { AdmissionLimiter } from '../limits/admission-limiter.js';
import { installAdmission } from './admission.js';
import type { CallerKind } from './callers.js';

const BOUNDS = { admissionMin: 1, admissionMax: 1, admissionQueue: 0, admissionWaitMs: 10_000 };

describe('A role with too much to do', () => {
  let server: FastifyInstance;
  let begun: (() => void)[];
  let handled: number;
  const warn = jest.fn();

  function build(bounds: object): FastifyInstance {
    const built = Fastify();
    built.addHook('onRequest', (request, _reply, done) => {
      request.callers = [request.headers['x-caller'] as CallerKind];
      done();
    });
    installAdmission(built, AdmissionLimiter.of(bounds), { warn });
    const begin = (_request: FastifyRequest, reply: FastifyReply): FastifyReply => {
      handled += 1;
      begun.push(() => void reply.send('done'));
      return reply;
    };
    built.post('/payments', { config: { access: { admission: { of: ['channel'], goFirst: false } } } }, begin);
    built.get('/status', async () => 'ok');
    return built;
  }

  beforeEach(() => {
    begun = [];
    handled = 0;
    warn.mockClear();
    server = build(BOUNDS);
  });

  afterEach(async () => {
    for (const end of begun.splice(0)) end();
    await server.close();
  });

  const post = (caller: CallerKind) =>
    server.inject({ method: 'POST', url: '/payments', headers: { 'x-caller': caller }, payload: { amount: '1' } });

  async function untilHandled(count: number): Promise<void> {
    for (;;) {
      if (handled >= count) return;
      await new Promise(setImmediate);
    }
  }

  it('answers 503 with Retry-After before it does anything, and takes the next one when it is done', async () => {
    const first = post('channel');
    await untilHandled(1);
    for (let times = 0; times < 3; times += 1) {
      const refused = await post('channel');
      expect(refused.statusCode).toBe(503);
      expect(refused.headers['retry-after']).toBe('1');
      expect(refused.json()).toEqual({ id: 'ServiceUnavailableError', message: expect.any(String) });
    }
    expect(handled).toBe(1);
    expect(warn).toHaveBeenCalledTimes(1);
    begun.shift()!();
    expect((await first).body).toBe('done');
    const next = post('channel');
    await untilHandled(2);
    begun.shift()!();
    expect((await next).statusCode).toBe(200);
  });

  it('refuses nobody else on the same route, and nothing on other routes', async () => {
    void post('channel');
    await untilHandled(1);
    const later = post('spsp-backend');
    await untilHandled(2);
    begun.pop()!();
    expect((await later).statusCode).toBe(200);
    expect((await server.inject('/status')).statusCode).toBe(200);
    expect((await post('channel')).statusCode).toBe(503);
  });

  it('counts work whose caller is gone until it is done', async () => {
    await server.listen({ host: '127.0.0.1', port: 0 });
    const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    socket.write('POST /payments HTTP/1.1\r\nhost: x\r\nx-caller: channel\r\ncontent-length: 0\r\n\r\n');
    await untilHandled(1);
    const closed = new Promise((resolve) => server.server.getConnections((_error, count) => resolve(count)));
    expect(await closed).toBe(1);
    socket.destroy();
    await once(socket, 'close');
    expect((await post('channel')).statusCode).toBe(503);
    begun.shift()!();
    const next = post('channel');
    await untilHandled(2);
    begun.shift()!();
    expect((await next).statusCode).toBe(200);
  });

  it('refuses nothing when the limit is switched off', async () => {
    await server.close();
    server = build({ ...BOUNDS, admissionMin: 0 });
    const all = Array.from({ length: 50 }, () => post('channel'));
    await untilHandled(50);
    for (const end of begun.splice(0)) end();
    for (const { statusCode } of await Promise.all(all)) expect(statusCode).toBe(200);
  });
});
