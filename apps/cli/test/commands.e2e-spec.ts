import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestNetwork } from '../../network/test/support/test-network.js';
import { json, levelone } from './levelone.fixture.js';

const UUID = /^[0-9a-f-]{36}$/;

describe('levelone', () => {
  let network: TestNetwork;
  let environment: Record<string, string>;
  let folder: string;

  beforeAll(async () => {
    network = await TestNetwork.start();
    folder = mkdtempSync(join(tmpdir(), 'levelone-'));
    const databaseUrl = network.running.plan.instances[0]!.environment['DATABASE_URL']!;
    environment = { PORT_BASE: String(network.running.plan.portBase), DATABASE_URL: databaseUrl };
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await network.close();
  });

  const text = (args: string) => levelone(args, environment);

  it('looks up a number at another DFSP', async () => {
    expect((await json('lookup 26547070', environment)).document).toMatchObject({ name: 'Bob Diaz' });
    expect(await text('lookup 26547070')).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/^name +Bob Diaz$/m),
    });
  });

  it('passes on what a role refuses, with its id and status', async () => {
    const { exitCode, document } = await json('lookup 99999999', environment);
    expect([exitCode, document.error.status]).toEqual([1, 404]);
    expect(document.error.id).toBe('ClientNotFound');
    const refused = await text('lookup 99999999');
    expect([refused.exitCode, refused.out]).toEqual([1, '']);
    expect(refused.err).toMatch(/^levelone: GET .* answered 404: /);
  });

  it('issues an invoice, which the customer pays', async () => {
    const issued = await json('invoice 10.40 --to 78956562 --info Lunch', environment);
    expect(issued.document).toMatchObject({ status: 'pending', amount: '10.40', info: 'Lunch' });
    const paid = await eventually(async () => {
      const ran = await json('pay --newest', environment);
      return ran.exitCode === 0 ? ran : Promise.reject(new Error(ran.out));
    });
    expect(paid.document).toMatchObject({ status: 'paid', paymentId: expect.stringMatching(UUID) });
    const shown = await text(`payments ${paid.document.paymentId}`);
    expect(shown.out).toMatch(/^state +executed$/m);

    const { document } = await json(`timeline ${paid.document.paymentId}`, environment);
    const dfsps = document.entries.map((entry: { dfsp: string | null }) => entry.dfsp);
    expect(dfsps).toEqual(expect.arrayContaining(['dfsp1', 'dfsp2']));
    const ofOne = await text(`timeline ${paid.document.paymentId} --dfsp dfsp1`);
    expect(ofOne.out).toMatch(/ dfsp1 +dfsp-ledger +state +The money has moved on the ledger$/m);
    expect(ofOne.out).not.toContain(' dfsp2 ');
    expect((await text('timeline 3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14')).exitCode).toBe(1);
  });

  it('pays a product invoice by its URL, more than once', async () => {
    const { document } = await json('invoice 3 --product', environment);
    const url = network.url('spsp-server', 'dfsp2', `/v1/invoices/${document.invoiceId}`);
    const first = await json(`pay ${url}`, environment);
    const second = await text(`pay ${url} --payer 92806391 --account erin`);
    expect([first.exitCode, second.exitCode]).toEqual([0, 0]);
    expect(second.out).toMatch(/^status +paid$/m);
    expect(second.out).not.toContain(first.document.paymentId);
  });

  it('quotes a payment, and pays it at once or later', async () => {
    const quoted = await text('quote 10 --to 30754016 --payer 92806391');
    expect(quoted.out).toMatch(/^total +10\.25 USD, fee of 0\.25 included$/m);
    const id = /levelone transfer (\S+)/.exec(quoted.out)![1]!;
    expect((await json(`transfer ${id}`, environment)).document).toMatchObject({ paymentId: id, status: 'executed' });
    const { document } = await json('quote 5 --to 26547070 --receive --pay', environment);
    expect(document).toMatchObject({ quote: { receiveAmount: '5' }, payment: { status: 'executed' } });
    expect((await text('quote 5 --to 26547070 --pay')).out).toMatch(/^status +executed$/m);
  });

  it('lists payments of a DFSP by state, customer and page', async () => {
    const first = await json('payments --state executed --customer 78956562 --limit 2', environment);
    expect(first.document.payments).toHaveLength(2);
    const listed = await text('payments --dfsp dfsp2 --limit 1');
    const after = /^more: --after (\S+)$/m.exec(listed.out)![1]!;
    expect(listed.out.split('\n')[1]).toMatch(/credit +executed/);
    const next = await text(`payments --dfsp dfsp2 --limit 1 --after ${after}`);
    expect(next.out.split('\n')[1]).not.toBe(listed.out.split('\n')[1]);
  });

  it('shows the balances of all ledgers, and of one DFSP with the centre', async () => {
    const { document } = await json('balances', environment);
    expect(document.ledgers.map((one: { ledger: string }) => one.ledger)).toEqual(['dfsp1', 'dfsp2', 'centre']);
    const bob = document.ledgers[1].accounts.find((one: { name: string }) => one.name === 'bob');
    expect(bob.balance).toBe(await network.balance('dfsp2', 'bob'));
    const { out } = await text('balances --dfsp dfsp1');
    expect(out).toContain(`${await network.balance('dfsp1', 'alice')}  0.00  USD`);
    expect(out).not.toMatch(/^dfsp2 /m);
  });

  it('verifies the books', async () => {
    const { exitCode, document } = await json('verify', environment);
    expect([exitCode, document.ledgers.length]).toEqual([0, 3]);
    expect((await text('verify')).out).toMatch(/^dfsp2_dfsp_ledger: (\d+) of \1 invariants hold$/m);
  });

  it('reconciles all records', async () => {
    const { exitCode, document } = await json('reconcile', environment);
    expect([exitCode, document.differences]).toEqual([0, 0]);
    expect(document.compared.join('\n')).toMatch(/^dfsp1: compared \d+ outgoing/m);
    expect((await text('reconcile --since 2099-01-01T00:00:00Z')).out).toMatch(/^dfsp1: compared 0 outgoing/m);
  });

  it('says what is open', async () => {
    const { exitCode, document } = await json('open', environment);
    expect([exitCode, document.overdue]).toEqual([0, 0]);
    expect(document.roles.map((role: { name: string }) => role.name)).toContain('dfsp1 dfsp-api');
    expect((await text('open')).out).toMatch(/Nothing is overdue\.\n$/);
  });

  it('lists the participants with their positions', async () => {
    const { document } = await json('participants', environment);
    const position = { unsettled: await network.balance(null, 'dfsp1') };
    expect(document.participants[0]).toMatchObject({ shortName: 'dfsp1', status: 'active', position });
    expect((await text('participants')).out).toMatch(/^dfsp2 +active +http/m);
  });

  it('settles a window: closes it, makes the file for the bank, and confirms', async () => {
    const closed = await json('settle close', environment);
    const { id, positions } = closed.document;
    expect([closed.document.state, positions.length]).toEqual(['closed', 2]);
    expect((await text(`settle close ${id}`)).out).toMatch(/^state +closed$/m);

    const owed: string = positions[0].outstanding.slice(1);
    expect((await text(`settle file ${id}`)).out).toContain(`,${owed},USD`);
    const path = join(folder, 'pain.xml');
    expect((await text(`settle file ${id} --format pain.001 --output ${path}`)).out).toBe(`written: ${path}\n`);
    expect(readFileSync(path, 'utf8')).toContain('pain.001.001.09');

    const part = await json(`settle confirm ${id} --account dfsp1 --amount 1 --reference one`, environment);
    expect(part.document.positions[0]).toMatchObject({ confirmed: '1.00' });
    expect((await text(`settle confirm ${id} --all --reference rest`)).out).toMatch(/^state +settled$/m);
    // As after an answer that was lost.
    expect(await json(`settle confirm ${id} --all --reference rest`, environment)).toMatchObject({
      exitCode: 0,
      document: { id, state: 'settled' },
    });
    expect((await text(`settle show ${id}`)).out).toMatch(/^dfsp1 .* 0\.00$/m);
    const { document } = await json('settle list', environment);
    expect(document.windows.map((one: { state: string }) => one.state)).toEqual(['open', 'settled']);
    expect((await text('settle list --limit 1')).out.trimEnd().split('\n').slice(2)).toEqual(['', 'more: --before 2']);
    expect((await json('settle list --limit 1 --before 2', environment)).document.windows).toMatchObject([{ id }]);
  });

  it('reaches a network that is no demo by a file of settings, by the environment, and by options', async () => {
    const [api, ledger] = [network.url('dfsp-api', 'dfsp1', '/v1'), network.url('dfsp-ledger', 'dfsp1', '/ledger')];
    const config = join(folder, 'bank.env');
    writeFileSync(config, `DFSP=bank\nDFSP_API_URL=${api}\nDFSP_API_CREDENTIALS="dfsp1:wrong"\n`);
    const refused = await json(`lookup 26547070 --config ${config}`, {});
    expect([refused.exitCode, refused.document.error.status]).toEqual([1, 401]);
    const file = { LEVELONE_CONFIG: config, DFSP_API_CREDENTIALS: 'dfsp1:dfsp1' };
    expect((await json('lookup 26547070', file)).document).toMatchObject({ name: 'Bob Diaz' });
    const { document } = await json(`balances --dfsp-ledger-url ${ledger} --operator-credentials admin:admin`, file);
    expect(document.ledgers.map((one: { ledger: string }) => one.ledger)).toEqual(['bank']);
    expect(await text(`quote 5 --to 26547070 --config ${config}`)).toMatchObject({ exitCode: 2 });
  });
});
