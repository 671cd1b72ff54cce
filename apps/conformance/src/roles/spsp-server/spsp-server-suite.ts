import { caseOf, type ConformanceCase } from '../../cases/conformance-case.js';
import { NotConforming } from '../../cases/not-conforming.js';
import { commonCases } from '../../common/common-cases.js';
import { neighbourCases } from '../../neighbours/neighbour-cases.js';
import { roleCases } from '../../common/role-cases.js';
import type { RoleSuite, SuiteContext } from '../../common/role-suite.js';
import { refusal } from '../../played/play-role.js';
import { KNOWN } from '../spsp-backend/played-dfsp-api.js';
import { incomingCases } from './incoming-cases.js';
import { PAYER_DFSP, PlayedPayee, UNKNOWN_KEY } from './played-payee.js';
import { setupRequest, spspServerUses } from './spsp-server-uses.js';

const RECEIVERS = 'GET /v1/receivers/{identifier}';
const SETUP = 'POST /v1/setup';
const BACKEND_SETUP = 'POST /spsp/backend/v1/setup';
const SIGNATURES = 'security.md#signatures';

/** An SPSP server between the runner as another DFSP, and the runner as its backend, scheme adapter and ledger. */
export const spspServerSuite: RoleSuite = {
  role: 'spsp-server',
  plays: ['spsp-backend', 'scheme-adapter', 'ledger-adapter', 'central-directory'],
  casesOf: async (context) => {
    const payee = new PlayedPayee(context);
    // Until then its health is not good. A system that does not listen fails in other cases.
    await payee.ledger.untilSubscribed().catch(() => undefined);
    const receivers = { identifier: KNOWN.number };
    return [
      ...roleCases(context, 'scheme-adapter'),
      ...(await commonCases(context, spspServerUses(payee))),
      ...neighbourCases(context, {
        route: RECEIVERS,
        request: () => ({ path: receivers, signedBy: PAYER_DFSP.key }),
        status: 200,
        neighbour: payee.backend,
        asked: 'GET /spsp/backend/v1/receivers/{identifier}',
        calledBy: 'I.E',
      }),
      ...neighbourCases(context, {
        route: SETUP,
        request: () => setupRequest(payee),
        status: 201,
        neighbour: payee.backend,
        asked: BACKEND_SETUP,
        calledBy: 'S.C',
      }),
      ...signatureCases(context, payee),
      ...incomingCases(payee),
    ];
  },
};

/** Who asks is told by a signature, and goes on to the DFSP. */
function signatureCases({ system }: SuiteContext, payee: PlayedPayee): ConformanceCase[] {
  const path = { identifier: KNOWN.number };
  return [
    caseOf(RECEIVERS, 'a signature by a key that nobody has registered is 401', SIGNATURES, async () => {
      const answer = await system.ask(RECEIVERS, 'a request signed by an unknown key', { path, signedBy: UNKNOWN_KEY });
      answer.mustBe({ status: 401 });
    }),
    caseOf(SETUP, 'a signature over another body is 401, and the DFSP is not asked', SIGNATURES, async () => {
      const signed = setupRequest(payee);
      const digest = 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:';
      const before = payee.backend.callsTo(BACKEND_SETUP).length;
      const request = { ...signed, headers: { 'content-digest': digest } };
      (await system.ask(SETUP, 'a request whose body is not the one that was signed', request)).mustBe({ status: 401 });
      if (payee.backend.callsTo(BACKEND_SETUP).length > before)
        throw new NotConforming(`${SETUP}: a request whose body is not the one that was signed reached the DFSP`);
    }),
    caseOf(SETUP, 'the DFSP that signed is named to the backend, and no other', SIGNATURES, async () => {
      const { shortName } = PAYER_DFSP;
      const signed = setupRequest(payee);
      const request = { ...signed, headers: { 'l1p-from-dfsp': 'somebody' } };
      (await system.ask(SETUP, 'a valid request', request)).mustBe({ status: 201 });
      const told = payee.backend.callsTo(BACKEND_SETUP).at(-1)?.headers['l1p-from-dfsp'];
      if (told === shortName) return;
      throw new NotConforming(
        `${SETUP}: the backend was told L1p-From-Dfsp ${JSON.stringify(told)}; must be ${JSON.stringify(shortName)}, whose key signed`,
      );
    }),
    caseOf(SETUP, 'a limit of the payee is told without its amount', 'contract/errors.md#s6.2', async () => {
      const limited = refusal(422, 'LimitExceededError', 'Daily transfer amount limit of 500 reached');
      const answer = await payee.backend.instead(
        BACKEND_SETUP,
        () => limited,
        () => system.ask(SETUP, 'a payment above a limit of the payee', setupRequest(payee)),
      );
      answer.mustBe({ status: 422, id: 'LimitExceededError' });
      if (answer.text.includes('500'))
        answer.failWith(`was answered ${answer.text}; must not tell another DFSP what the limit is`);
    }),
  ];
}
