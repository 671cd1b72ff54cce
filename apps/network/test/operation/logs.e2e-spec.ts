import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '@level-one/testing';
import { DataSource } from 'typeorm';
import { demoSecrets } from '../../src/plan/secrets.js';
import { instanceNamed, planNetwork } from '../../src/plan/topology.js';
import { RoleProcess } from '../support/role-process.js';
import { ask, freePortBase } from '../support/test-network.js';

const PERSON = {
  firstName: 'Zephyrine',
  lastName: 'Quillfeather',
  nationalId: 'NAT-770041',
  dob: '1971-02-13',
  imageUrl: 'https://images.test/zephyrine.png',
  accounts: [],
};
const NUMBER = '55577123';
const PRIVATE = /Zephyrine|Quillfeather|NAT-770041|1971-02-13|55577123|zephyrine\.png|a-guessed-secret/i;

describe('A11: a log at debug level', () => {
  let database: TestDatabase;
  let api: RoleProcess;
  let url: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    const plan = planNetwork({
      portBase: await freePortBase(),
      databaseUrl: database.url,
      secrets: demoSecrets(),
      logLevel: 'debug',
      environment: {},
    });
    const instance = instanceNamed(plan, 'dfsp1/dfsp-api');
    url = `${instance.baseUrl}/v1`;
    api = new RoleProcess('dfsp-api', instance.environment);
    await eventually(() => expect(api.log).toContain('listens on'), { timeoutMs: 60_000 });
  });

  afterAll(async () => {
    await api?.stop();
    await database?.drop();
  });

  it('tells what failed, and nothing of whom it was about', async () => {
    const auth = 'dfsp1:dfsp1';
    const put = (body: object) => ask(`PUT ${url}/customers/${NUMBER}`, { auth, body });
    expect((await put(PERSON)).status).toBeLessThan(300);

    const source = await new DataSource({ type: 'postgres', url: database.url }).initialize();
    const [table] = await source.query(
      `SELECT table_schema, table_name FROM information_schema.columns WHERE column_name = 'national_id'`,
    );
    const name = `"${table.table_schema}"."${table.table_name}"`;
    await source.query(`ALTER TABLE ${name} ADD CONSTRAINT nobody_may CHECK (false) NOT VALID`);
    await source.destroy();

    expect(await put({ ...PERSON, firstName: 'Zephyrine II' })).toMatchObject({ status: 500 });
    await put({ ...PERSON, dob: 'no date of Quillfeather' });
    await ask(`GET ${url}/customers/${NUMBER}x`, { auth });
    await ask(`GET ${url}/nothing/${NUMBER}`, { auth });
    await ask(`GET ${url}/receivers/${NUMBER}?name=Quillfeather`, { auth: `Quillfeather:a-guessed-secret` });
    await ask(`POST ${url}/quote`, { auth, body: { payer: { identifier: NUMBER }, memo: 'Quillfeather' } });

    await eventually(() => expect(api.log).toContain('nobody_may'));
    expect(api.log).toMatch(/"route":"\/v1\/customers\/:identifier".*"msg":"request failed"/);
    expect(api.log).toMatch(/"id":"InvalidBodyError".*"msg":"request refused"/);
    expect(api.log).toMatch(/"status":401/);
    expect(PRIVATE.exec(api.log)?.[0]).toBeUndefined();
  });
});
