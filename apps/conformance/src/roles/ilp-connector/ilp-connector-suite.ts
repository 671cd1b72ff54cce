import { commonCases } from '../../common/common-cases.js';
import { roleCases } from '../../common/role-cases.js';
import type { RoleSuite } from '../../common/role-suite.js';
import type { RouteUse } from '../../common/route-use.js';
import { until } from '../../played/until.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import { crossingCases } from './crossing-cases.js';
import { TwoLedgers } from './two-ledgers.js';

const AS = 'spsp-client';

/** An ILP connector between the runner as its DFSP's ledger adapter, and the runner as the central ledger. */
export const ilpConnectorSuite: RoleSuite = {
  role: 'ilp-connector',
  plays: ['ledger-adapter', 'central-ledger', 'central-directory'],
  casesOf: async (context) => {
    const ledgers = new TwoLedgers(context);
    await ledgers.untilSubscribed().catch(() => undefined);
    return [...roleCases(context, AS), ...(await commonCases(context, [quoteUse(ledgers)])), ...crossingCases(ledgers)];
  },
};

const QUOTE = 'GET /quote';

/** A connector whose websockets have just been broken says for a moment that it is not there yet: 503. */
async function untilQuoting({ context }: TwoLedgers, request: SystemRequest): Promise<void> {
  const isThere = async () =>
    (await context.system.ask(QUOTE, 'a valid request', { as: AS, ...request })).status !== 503;
  // One that never is there fails in the case that asks.
  await until(isThere, context, `${QUOTE}: a valid request was answered 503`).catch(() => undefined);
}

function quoteUse(ledgers: TwoLedgers): RouteUse {
  const { dfsp } = ledgers.context;
  const good: SystemRequest = {
    query: {
      source_address: `levelone.${dfsp}.alice`,
      destination_address: 'levelone.other.bob',
      destination_amount: '10.40',
    },
  };
  const withQuery =
    (query: Record<string, string>) =>
    (request: SystemRequest): SystemRequest => ({
      ...request,
      query: Object.fromEntries(Object.entries({ ...request.query, ...query }).filter(([, value]) => value !== '')),
    });
  const wrong = (what: string, query: Record<string, string>, status: number, id: string) => ({
    what,
    change: withQuery(query),
    status,
    id,
  });
  return {
    route: QUOTE,
    page: 'contract/setup.md#row-25',
    as: AS,
    good: async () => {
      await untilQuoting(ledgers, good);
      return good;
    },
    status: 200,
    holds: (answer) => {
      const { source_amount: source, source_connector_account: account } = answer.json;
      const { source_expiry_duration: longer, destination_expiry_duration: shorter } = answer.json;
      if (source !== '10.40') answer.failWith(`was answered source_amount ${source}; must be 10.40, one to one`);
      if (!String(account).startsWith(`levelone.${dfsp}.`))
        answer.failWith(
          `was answered source_connector_account ${account}; must be the connector's address on its ledger`,
        );
      if (Number(longer) < Number(shorter) + 1)
        answer.failWith(`was answered the durations ${longer} and ${shorter}; the first must be a second more`);
    },
    unknown: [
      wrong('no amount', { destination_amount: '' }, 400, 'NoAmountSpecifiedError'),
      wrong('both amounts', { source_amount: '1' }, 400, 'InvalidUriParameterError'),
      ...['0', '-3', 'Infinity'].map((amount) =>
        wrong(`the amount ${amount}`, { destination_amount: amount }, 400, 'InvalidAmountSpecifiedError'),
      ),
      wrong('no destination_address', { destination_address: '' }, 400, 'InvalidUriParameterError'),
      wrong('an address without a route', { destination_address: 'levelone.nowhere.bob' }, 422, 'AssetsNotTradedError'),
      wrong('an amount beyond the precision', { destination_amount: '99999999999' }, 422, 'UnacceptableAmountError'),
      wrong('a hold that is too long', { destination_expiry_duration: '3601' }, 422, 'UnacceptableExpiryError'),
      wrong('a hold without time for the connector', { source_expiry_duration: '1' }, 422, 'UnacceptableExpiryError'),
    ],
  };
}
