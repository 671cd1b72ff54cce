import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { hashSecret } from '@level-one/platform';
import { openTestDataSource } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { TestConsole } from '../console.fixture.js';
import { putUser, type UserRole } from '../sessions/users.js';
import { ChangesKeeper } from './changes.keeper.js';

const PASSWORD = 'a password of six words, at least';

describe('changes', () => {
  let console: TestConsole;
  let database: DataSource;
  const cookies = new Map<string, string>();
  const as = (name: string, request: string, body?: object) =>
    console.ask(request, { cookie: cookies.get(name)!, ...(body && { body }) });
  const propose = (name: string, kind: string, parameters: object) =>
    as(name, 'POST /api/changes', { kind, parameters });
  const CAP = { account: 'dfsp1', netDebitCap: '500.00' };
  const capsSet = () => console.roles.callsTo(/^PUT .*\/accounts\/dfsp1$/);

  beforeAll(async () => {
    console = await TestConsole.open({ demoNetwork: false });
    database = await openTestDataSource(console.database, { schema: 'console' });
    const secretHash = await hashSecret(PASSWORD);
    const users: [string, UserRole][] = [
      ['vera', 'viewer'],
      ['olaf', 'operator'],
      ['anna', 'admin'],
      ['bert', 'admin'],
    ];
    for (const [name, role] of users) {
      await putUser(database, { name, role, secretHash });
      cookies.set(name, await console.signIn(name, PASSWORD));
    }
  });

  beforeEach(() => {
    const { roles } = console;
    roles.clearCalls();
    roles.on(/^GET .*\/central-ledger\/accounts\/dfsp1$/, { json: { name: 'dfsp1', net_debit_cap: '100.00' } });
    roles.on(/^PUT .*\/central-ledger\/accounts\/dfsp1$/, { json: { name: 'dfsp1', net_debit_cap: '500.00' } });
  });

  afterAll(async () => {
    await database?.destroy();
    await console?.close();
  });

  it('are proposed by operators, approved by another admin, and carried out with what was proposed', async () => {
    const proposed = await propose('olaf', 'set-cap', CAP);
    expect(proposed).toMatchObject({
      status: 201,
      body: { kind: 'set-cap', state: 'proposed', proposedBy: 'olaf', parameters: { ...CAP, before: '100.00' } },
    });
    expect(capsSet()).toEqual([]);
    const approved = await as('anna', `POST /api/changes/${proposed.body.id}/approve`);
    expect(approved.body).toMatchObject({ state: 'done', decidedBy: 'anna', outcome: 'done' });
    expect(capsSet().map(({ body }) => body)).toEqual([{ name: 'dfsp1', net_debit_cap: '500.00' }]);
    expect(await as('bert', `POST /api/changes/${proposed.body.id}/approve`)).toMatchObject({ status: 422 });
    // Whoever did not see the answer is told the same again.
    expect(await as('anna', `POST /api/changes/${proposed.body.id}/approve`)).toMatchObject({
      status: 200,
      body: { state: 'done', decidedBy: 'anna' },
    });
    expect(await as('anna', `POST /api/changes/${proposed.body.id}/reject`)).toMatchObject({ status: 422 });
    expect(capsSet()).toHaveLength(1);
    expect((await as('anna', 'GET /api/changes?limit=1')).body.changes).toMatchObject([{ id: proposed.body.id }]);
  });

  it('are rejected when nobody decides for a week, and cannot be approved then', async () => {
    const { body } = await propose('olaf', 'set-cap', CAP);
    const id = String(body.id);
    await database.query(`UPDATE changes SET proposed_at = now() - interval '7 days 1 s' WHERE id = $1`, [id]);
    expect(await as('anna', `POST /api/changes/${id}/approve`)).toMatchObject({ status: 422 });
    const { changes } = (await as('anna', 'GET /api/changes?limit=200')).body;
    expect(changes.find((one: { id: string }) => one.id === id)).toMatchObject({
      state: 'rejected',
      decidedBy: 'console',
      outcome: 'nobody decided in 7 days',
    });
    const { entries } = (await as('anna', 'GET /api/audit?limit=200')).body;
    expect(entries.filter((one: { subject: string }) => one.subject === id)).toMatchObject([
      { who: 'console', action: 'reject set-cap' },
      { who: 'olaf', action: 'propose set-cap' },
    ]);
    expect(capsSet()).toEqual([]);
  });

  it('are listed in pages, each once', async () => {
    for (let made = 0; made < 3; made++) await propose('olaf', 'set-cap', CAP);
    await database.query(`UPDATE changes SET proposed_at = date_trunc('hour', now()) WHERE proposed_by = 'olaf'`);
    const [{ count }] = await database.query<[{ count: number }]>('SELECT count(*)::integer AS count FROM changes');
    const ids: string[] = [];
    let after = '';
    for (let pages = 0; pages <= count; pages++) {
      const { body } = await as('olaf', `GET /api/changes?limit=2${after}`);
      ids.push(...body.changes.map(({ id }: { id: string }) => id));
      if (body.next === null) break;
      after = `&after=${body.next}`;
    }
    expect([ids.length, new Set(ids).size]).toEqual([count, count]);
    expect((await as('olaf', 'GET /api/changes?after=7')).status).toBe(400);
  });

  it('wait in a bounded number, so that one person does not keep others from proposing', async () => {
    await database.query(
      `INSERT INTO changes (id, kind, parameters, proposed_by)
       SELECT gen_random_uuid(), 'resume-participant', '{}', 'olaf' FROM generate_series(1, 100)`,
    );
    expect(await propose('olaf', 'set-cap', CAP)).toMatchObject({ status: 429, body: { id: 'TooManyRequestsError' } });
    expect((await propose('anna', 'set-cap', CAP)).status).toBe(201);
    await database.query(`DELETE FROM changes WHERE proposed_by = 'olaf' AND parameters = '{}'`);
  });

  it('are approved by nobody who proposed them, by no operator, and are not seen by viewers', async () => {
    const { body } = await propose('anna', 'set-cap', CAP);
    expect(await as('anna', `POST /api/changes/${body.id}/approve`)).toMatchObject({ status: 403 });
    expect(await as('olaf', `POST /api/changes/${body.id}/approve`)).toMatchObject({ status: 403 });
    expect(await as('vera', `POST /api/changes/${body.id}/approve`)).toMatchObject({ status: 403 });
    expect(await propose('vera', 'set-cap', CAP)).toMatchObject({ status: 403 });
    expect(await as('vera', 'GET /api/changes')).toMatchObject({ status: 403 });
    expect(await console.ask('POST /api/changes', { body: { kind: 'set-cap', parameters: CAP } })).toMatchObject({
      status: 401,
    });
    expect((await as('anna', `POST /api/changes/${body.id}/reject`)).body.state).toBe('rejected');
    expect(await as('bert', `POST /api/changes/${body.id}/approve`)).toMatchObject({ status: 422 });
    expect(capsSet()).toEqual([]);
    // The database itself refuses it.
    await expect(
      database.query(`UPDATE changes SET state = 'approved', decided_by = 'anna' WHERE id = $1`, [body.id]),
    ).rejects.toThrow(/changes_check/);
  });

  it('are carried out once when two approve at the same time', async () => {
    const { body } = await propose('olaf', 'set-cap', CAP);
    const answers = await Promise.all(['anna', 'bert'].map((name) => as(name, `POST /api/changes/${body.id}/approve`)));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 422]);
    expect(capsSet()).toHaveLength(1);
  });

  it('that a crash left, or a role that was away, are carried out later', async () => {
    const { body } = await propose('olaf', 'set-cap', CAP);
    console.roles.on(/^PUT .*\/central-ledger\/accounts\/dfsp1$/, { status: 503, json: { id: 'x', message: 'busy' } });
    const approved = await as('anna', `POST /api/changes/${body.id}/approve`);
    expect(approved.body).toMatchObject({ state: 'approved', outcome: 'central-ledger: busy' });
    // As a process that died with the change in its hands.
    await database.query(`UPDATE changes SET claimed_until = now() WHERE id = $1`, [body.id]);
    console.roles.on(/^PUT .*\/central-ledger\/accounts\/dfsp1$/, {
      status: 429,
      json: { id: 'TooManyRequestsError', message: 'too many' },
    });
    await console.running.app.get(ChangesKeeper, { strict: false }).carryOutLeft();
    await database.query(`UPDATE changes SET claimed_until = now() + interval '1 minute' WHERE id = $1`, [body.id]);
    console.roles.on(/^PUT .*\/central-ledger\/accounts\/dfsp1$/, { json: {} });
    const other = await console.another({ demoNetwork: false });
    const keeper = other.app.get(ChangesKeeper, { strict: false });
    const stateOf = async () =>
      (await database.query<[{ state: string }]>('SELECT state FROM changes WHERE id = $1', [body.id]))[0].state;
    await keeper.carryOutLeft();
    expect(await stateOf()).toBe('approved');
    await database.query('UPDATE changes SET claimed_until = now() WHERE id = $1', [body.id]);
    await keeper.carryOutLeft();
    await keeper.carryOutLeft();
    expect(await stateOf()).toBe('done');
    expect(capsSet()).toHaveLength(3);
    await other.close();
  });

  it('of caps with as many digits as ledgers have, and of reasons in any script, are proposed', async () => {
    const netDebitCap = '9'.repeat(18);
    expect(await propose('olaf', 'set-cap', { ...CAP, netDebitCap })).toMatchObject({ status: 201 });
    const reason = '\u{1F512}'.repeat(256);
    expect(await propose('olaf', 'suspend-participant', { name: 'dfsp2', reason })).toMatchObject({ status: 201 });
    expect(await propose('olaf', 'suspend-participant', { name: 'dfsp2', reason: `${reason}.` })).toMatchObject({
      status: 400,
    });
  });

  it('that a role refuses have failed, with its reason', async () => {
    const { body } = await propose('olaf', 'set-cap', CAP);
    console.roles.on(/^PUT .*\/central-ledger\/accounts\/dfsp1$/, {
      status: 422,
      json: { id: 'UnprocessableEntityError', message: 'The cap is below what is owed' },
    });
    const approved = await as('anna', `POST /api/changes/${body.id}/approve`);
    expect(approved.body).toMatchObject({ state: 'failed', outcome: 'The cap is below what is owed' });
  });

  it('close a window, and settle it with the amounts that were outstanding when it was proposed', async () => {
    const [windowId, path] = [randomUUID(), /^GET .*\/central-ledger\/settlements\//];
    const window = (state: string) => ({
      id: windowId,
      number: 7,
      state,
      positions: [
        { account: 'http://centre.test/accounts/dfsp1', outstanding: '-10.40' },
        { account: 'http://centre.test/accounts/dfsp2', outstanding: '10.40' },
        { account: 'http://centre.test/accounts/dfsp3', outstanding: '0.00' },
      ],
    });
    console.roles.on(/^POST .*\/settlements\//, { json: {} });
    console.roles.on(path, { json: window('open') });
    expect((await propose('olaf', 'settle-window', { windowId })).body.message).toBe('Window 7 is open, not closed');
    const close = await propose('olaf', 'close-window', { windowId });
    await as('anna', `POST /api/changes/${close.body.id}/approve`);
    expect(console.roles.callsTo(/\/close$/).map(({ route }) => route)).toEqual([
      `POST /centre/central-ledger/settlements/${windowId}/close`,
    ]);
    console.roles.on(path, { json: window('closed') });
    const settle = await propose('olaf', 'settle-window', { windowId });
    const reference = `console ${settle.body.id}`;
    await as('anna', `POST /api/changes/${settle.body.id}/approve`);
    expect(console.roles.callsTo(/\/confirmations$/).map(({ body }) => body)).toEqual([
      {
        confirmations: [
          { account: 'dfsp1', amount: '10.40', reference },
          { account: 'dfsp2', amount: '10.40', reference },
        ],
      },
    ]);
  });

  it('suspend a participant, let it take part again, and send again what could not be delivered', async () => {
    console.roles.on(/^PUT .*\/dfsps\/dfsp2\/status$/, { json: {} });
    console.roles.on(/^POST .*\/resend$/, { json: {} });
    const id = randomUUID();
    for (const [kind, parameters] of [
      ['suspend-participant', { name: 'dfsp2', reason: 'No settlement' }],
      ['resume-participant', { name: 'dfsp2' }],
      ['resend', { dfsp: 'dfsp1', role: 'dfsp-api', id }],
    ] as [string, object][]) {
      const { body } = await propose('olaf', kind, parameters);
      expect((await as('anna', `POST /api/changes/${body.id}/approve`)).body.state).toBe('done');
    }
    expect((await as('olaf', `POST /api/undelivered/dfsp1/dfsp-api/${id}/resend`)).status).toBe(403);
    expect((await as('anna', `POST /api/undelivered/dfsp1/dfsp-api/${id}/resend`)).status).toBe(204);
    const changes = console.roles.calls.filter(({ route }) => !route.startsWith('GET'));
    expect(changes.map(({ route, body }) => [route, body])).toEqual([
      ['PUT /centre/central-directory/dfsps/dfsp2/status', { status: 'suspended', reason: 'No settlement' }],
      ['PUT /centre/central-directory/dfsps/dfsp2/status', { status: 'active' }],
      [`POST /dfsp1/dfsp-api/undelivered/${id}/resend`, undefined],
      [`POST /dfsp1/dfsp-api/undelivered/${id}/resend`, undefined],
    ]);
  });

  it.each([
    ['set-cap', { account: 'dfsp1' }],
    ['set-cap', { account: '../x', netDebitCap: '1' }],
    ['close-window', { windowId: 'x' }],
    ['suspend-participant', { name: 'dfsp2' }],
    ['resend', { dfsp: 'dfsp1', role: 'central-ledger', id: randomUUID() }],
    ['make-money', {}],
  ])('are refused if they are malformed: %s %j', async (kind, parameters) => {
    expect(await propose('olaf', kind, parameters)).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
  });

  it('stand in the audit log with who, what and result, and no entry of it can be changed', async () => {
    const { body } = await propose('olaf', 'set-cap', CAP);
    await as('anna', `POST /api/changes/${body.id}/approve`);
    const { entries } = (await as('olaf', 'GET /api/audit?limit=3')).body;
    expect(entries).toMatchObject([
      { who: 'console', action: 'carry out set-cap', subject: body.id, outcome: 'done' },
      { who: 'anna', action: 'approve set-cap', subject: body.id, outcome: 'done' },
      { who: 'olaf', action: 'propose set-cap', subject: body.id, detail: { ...CAP, before: '100.00' } },
    ]);
    const { body: page } = await as('olaf', `GET /api/audit?limit=1&after=${entries[0].id}`);
    expect(page.entries).toEqual([entries[1]]);
    for (const sql of [
      `UPDATE audit_entries SET who = 'nobody'`,
      'DELETE FROM audit_entries',
      'TRUNCATE audit_entries',
    ]) {
      await expect(database.query(sql)).rejects.toThrow(/do not change/);
    }
  });
});
