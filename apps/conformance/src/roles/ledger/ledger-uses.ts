import { randomUUID } from 'node:crypto';
import type { RouteUse } from '../../common/route-use.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import { type LedgerUnderTest, textOf } from './test-ledger.js';

/** How a ledger is used by its parties. */
export function ledgerUses(ledger: LedgerUnderTest): RouteUse[] {
  return [...accountUses(ledger), ...transferUses(ledger), ...endUses(ledger)];
}

function accountUses(ledger: LedgerUnderTest): RouteUse[] {
  const { payer, base } = ledger;
  return [
    {
      route: `GET ${base || '/'}`,
      page: 'contract/ledger.md#ruling-20',
      as: null,
      good: () => ({}),
      status: 200,
    },
    {
      route: ledger.route('GET /auth_token'),
      page: 'contract/ledger.md#s3.1',
      as: ledger.ownerOf(payer),
      good: () => opened(ledger, {}),
      status: 200,
      varies: ['token'],
    },
    {
      route: ledger.route('GET /accounts/{name}'),
      page: 'contract/ledger.md#s3.1',
      as: null,
      good: () => opened(ledger, { as: ledger.ownerOf(payer), path: { name: payer } }),
      status: 200,
      unknown: [unknown('an unknown account', { name: 'no-such-account' })],
      holds: (answer) => {
        if (answer.json.balance === undefined) answer.failWith('was answered without `balance`; its owner must see it');
      },
    },
    {
      route: ledger.route('PUT /accounts/{name}'),
      page: 'contract/ledger.md#s3.1',
      as: 'admin',
      good: () => {
        const name = `new-${randomUUID().slice(0, 8)}`;
        return { path: { name }, body: { name, password: 'a password of it', balance: '10.40' } };
      },
      status: 201,
      repeatedStatus: 200,
      isRepeatable: true,
      // A wrong balance is told from a wrong form by other cases.
      lenient: ['name', 'balance'],
    },
  ];
}

function transferUses(ledger: LedgerUnderTest): RouteUse[] {
  const { payer } = ledger;
  const prepared = async (): Promise<SystemRequest> => {
    await ledger.open();
    const { id, body } = ledger.transfer();
    return { path: { id }, body };
  };
  return [
    {
      route: ledger.route('PUT /transfers/{id}'),
      page: 'contract/ledger.md#s3.4',
      as: ledger.ownerOf(payer),
      good: prepared,
      status: 201,
      repeatedStatus: 200,
      isRepeatable: true,
      uuids: ['id'],
      otherContent: {
        change: (request) => withAmount(request, '2.00'),
        status: 400,
        id: 'InvalidModificationError',
      },
      holds: (answer) => {
        if (answer.json.state === 'prepared') return;
        answer.failWith(`was answered with the state ${answer.json.state}; must be answered with prepared`);
      },
      lenient: ['expires_at', 'execution_condition'],
    },
    {
      route: ledger.route('GET /transfers/{id}'),
      page: 'contract/ledger.md#s3.1',
      as: ledger.ownerOf(payer),
      good: async () => ({ path: { id: (await ledger.prepare()).id } }),
      status: 200,
      uuids: ['id'],
      unknown: [unknown('an unknown transfer', { id: randomUUID() }, ['NotFoundError', 'TransferNotFoundError'])],
    },
  ];
}

function endUses(ledger: LedgerUnderTest): RouteUse[] {
  const { payee, payer } = ledger;
  return [
    {
      route: ledger.route('PUT /transfers/{id}/fulfillment'),
      page: 'contract/ledger.md#s3.6',
      as: ledger.ownerOf(payee),
      good: async () => {
        const { id, fulfillment } = await ledger.prepare();
        return { path: { id }, raw: textOf(fulfillment) };
      },
      status: 200,
      isRepeatable: true,
      isText: true,
      uuids: ['id'],
      unknown: [
        unknown('a fulfillment of an unknown transfer', { id: randomUUID() }, [
          'NotFoundError',
          'TransferNotFoundError',
        ]),
      ],
    },
    {
      route: ledger.route('GET /transfers/{id}/fulfillment'),
      page: 'contract/ledger.md#s3.6',
      as: ledger.ownerOf(payer),
      good: async () => {
        const transfer = await ledger.prepare();
        (await ledger.fulfil(transfer, 'the fulfillment of a prepared transfer')).mustBe({ status: 200 });
        return { path: { id: transfer.id } };
      },
      status: 200,
      uuids: ['id'],
      unknown: [
        unknown('the fulfillment of an unknown transfer', { id: randomUUID() }, [
          'NotFoundError',
          'TransferNotFoundError',
        ]),
      ],
    },
    {
      route: ledger.route('PUT /transfers/{id}/rejection'),
      page: 'contract/ledger.md#s3.5',
      as: ledger.ownerOf(payee),
      good: async () => {
        const { id } = await ledger.prepare();
        return { path: { id }, body: { code: 'F00', name: 'Bad Request', message: 'no' } };
      },
      status: 200,
      isRepeatable: true,
      isText: true,
      uuids: ['id'],
      lenient: ['code', 'name', 'message'],
      unknown: [
        unknown('a rejection of an unknown transfer', { id: randomUUID() }, ['NotFoundError', 'TransferNotFoundError']),
      ],
    },
  ];
}

async function opened(ledger: LedgerUnderTest, request: SystemRequest): Promise<SystemRequest> {
  await ledger.open();
  return request;
}

function withAmount(request: SystemRequest, amount: string): SystemRequest {
  const { debits, credits, ...others } = request.body as Record<string, Record<string, unknown>[]>;
  const changed = (side: Record<string, unknown>[] = []) => side.map((entry) => ({ ...entry, amount }));
  return { ...request, body: { ...others, debits: changed(debits), credits: changed(credits) } };
}

function unknown(what: string, path: Record<string, string>, id: string | readonly string[] = 'NotFoundError') {
  const change = (request: SystemRequest): SystemRequest => ({ ...request, path: { ...request.path, ...path } });
  return { what, change, status: 404, id };
}
