import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OWN, SpspServerTestBed } from '../../test/test-bed.js';

describe('receivers at an SPSP server', () => {
  let bed: SpspServerTestBed;

  beforeAll(async () => {
    bed = await SpspServerTestBed.start();
  });

  beforeEach(() => bed.reset());

  afterAll(() => bed?.stop());

  it('gives receivers, and its own id to one that is unknown or cannot be', async () => {
    bed.peers.on(/^GET \/backend\/receivers\/1$/, { json: { type: 'payee', name: 'Bob' } });
    bed.peers.on(/^GET \/backend\/receivers\/2$/, {
      status: 404,
      json: { id: 'UserNotFound', message: 'User not found' },
    });
    bed.peers.on(/^GET \/backend\/receivers\/3$/, { status: 422, json: { id: 'NoAccount', message: 'no' } });
    for (const path of ['/v1/receivers/1', '/v1/query?identifier=1', `/v1/query?receiver=${OWN}/v1/receivers/1`]) {
      expect(await bed.ask('GET', path)).toMatchObject({ status: 200, json: { name: 'Bob' } });
    }
    for (const path of ['/v1/receivers/2', '/v1/receivers/..%2Fx', '/v1/query?receiver=http://x.test/v1/receivers/1']) {
      expect(await bed.ask('GET', path)).toMatchObject({
        status: 404,
        json: { id: 'InvalidReceiverIdError', message: 'Invalid receiver ID' },
      });
    }
    expect(await bed.ask('GET', '/v1/receivers/3')).toMatchObject({ status: 422, json: { id: 'NoAccount' } });
    expect((await bed.ask('GET', '/v1/query')).status).toBe(400);
    expect((await bed.ask('GET', '/v1/query?receiver=x')).status).toBe(400);
  });
});
