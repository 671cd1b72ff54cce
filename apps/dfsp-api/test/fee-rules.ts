import { basicAuthorization } from '@level-one/platform';
import { type Answer, type TestBed } from './test-bed.js';

export const ADMIN = { authorization: basicAuthorization('admin', 'admin') };

/** A flat fee of 1 on every transfer in a currency that no other test uses. */
export function fee(name: string, currency: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { name, kind: 'fee', currency, minValue: '1', ...more };
}

/** Helpers for tests of fee rules. */
export function feeRules(bed: () => TestBed) {
  const asAdmin = (request: string, body?: unknown): Promise<Answer> => bed().ask(request, body, ADMIN);
  const post = (...rules: unknown[]): Promise<Answer> => asAdmin('POST /v1/feeRules', { rules });
  const check = (rules: unknown, more: object = {}): Promise<Answer> =>
    asAdmin('POST /v1/feeRules/check', { rules, ...more });
  const versionsOf = async (name: string): Promise<any[]> =>
    (await bed().ask(`GET /v1/feeRules/${encodeURIComponent(name)}`)).json.versions;
  const everything = async (): Promise<unknown> => (await bed().ask('GET /v1/feeRules')).json;
  const feeOf = async (currency: string, more = ''): Promise<unknown> => {
    const query = `transferType=p2p&side=debit&amount=100&currency=${currency}${more}`;
    return (await bed().ask(`GET /v1/charges?${query}`)).json.fee;
  };

  /** A moment after everything before it and before everything after it. */
  async function pause(): Promise<string> {
    await new Promise((done) => setTimeout(done, 3));
    const moment = new Date().toISOString();
    await new Promise((done) => setTimeout(done, 3));
    return moment;
  }

  return { asAdmin, post, check, versionsOf, everything, feeOf, pause };
}
