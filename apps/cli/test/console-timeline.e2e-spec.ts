import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { planConsole } from '../../network/src/console/console-plan.js';
import { randomSecrets } from '../../network/src/plan/secrets.js';
import { notifiedInvoice, pay } from '../../network/test/support/people.js';
import { freePortBase, TestNetwork } from '../../network/test/support/test-network.js';
import { json, levelone } from './levelone.fixture.js';

const SET_USER = join(import.meta.dirname, '../../../dist/apps/console/src/sessions/set-user.js');
const PASSWORD = 'long-words-of-a-person';

describe('levelone timeline at a console outside the demo', () => {
  let network: TestNetwork;
  let paymentId: string;

  beforeAll(async () => {
    network = await TestNetwork.start({}, [], randomSecrets());
    const { DATABASE_URL, DATABASE_SCHEMA } = planConsole(network.running.plan).environment;
    for (const [name, role] of [
      ['olga', 'operator'],
      ['vera', 'viewer'],
    ] as const) {
      const env = { PATH: process.env['PATH'], DATABASE_URL, DATABASE_SCHEMA };
      execFileSync(process.execPath, [SET_USER, name, role], { env, input: `${PASSWORD}\n` });
    }
    const { invoiceNotificationId } = await notifiedInvoice(network);
    const paid = await pay(network, invoiceNotificationId);
    expect([paid.status, paid.text]).toEqual([200, paid.text]);
    ({ paymentId } = paid.body);
  });
  afterAll(() => network.close());

  const as = (credentials?: string, consoleUrl = network.running.plan.pageUrl): Record<string, string> => ({
    CONSOLE_URL: consoleUrl,
    ...(credentials !== undefined && { OPERATOR_CREDENTIALS: credentials }),
  });

  it('shows an operator what happened at all roles', async () => {
    const { exitCode, document } = await json(`timeline ${paymentId}`, as(`olga:${PASSWORD}`));
    expect([exitCode, document.missing]).toEqual([0, []]);
    for (const [dfsp, role] of [
      ['dfsp1', 'dfsp-api'],
      [null, 'central-ledger'],
      ['dfsp2', 'spsp-server'],
      ['dfsp2', 'dfsp-ledger'],
    ]) {
      expect(document.entries).toContainEqual(expect.objectContaining({ dfsp, role, what: expect.any(String) }));
    }
    expect((await levelone(`timeline ${paymentId}`, as(`olga:${PASSWORD}`))).out).toContain('central-ledger');
  });

  it('refuses everybody else, and says what is missing', async () => {
    const ran = async (environment: Record<string, string>): Promise<[number, string]> => {
      const { exitCode, err } = await levelone(`timeline ${paymentId}`, environment);
      return [exitCode, err];
    };
    expect(await ran(as(`vera:${PASSWORD}`))).toEqual([1, expect.stringContaining('403')]);
    expect(await ran(as('olga:another-password'))).toEqual([1, expect.stringContaining('401')]);
    expect(await ran(as())).toEqual([2, expect.stringContaining('--operator')]);
    const away = `http://127.0.0.1:${await freePortBase()}`;
    expect(await ran(as(`olga:${PASSWORD}`, away))).toEqual([3, expect.stringContaining(away)]);
  });
});
