import { SignatureVerifier, SigningKey } from '@level-one/peers';
import type { FakePeerCall } from '@level-one/testing/peers';
import { createPublicKey } from 'node:crypto';
import { NotConforming } from '../cases/not-conforming.js';
import type { SuiteContext } from './role-suite.js';

/** Seed of the key by which the system signs what it asks other DFSPs: the settings of the command have it. */
export const SYSTEM_KEY_SEED = '05'.repeat(32);
const WINDOW_S = 600;
/** Whether a nonce was used before is not looked at: a system may send a request again as it is. */
const FIRST_USE = { has: () => false, add: () => undefined };

/** Checks that another DFSP would take the signature of a call. @throws NotConforming */
export async function mustBeSigned(
  { dfsp, peersUrl }: SuiteContext,
  asker: string,
  { route, headers }: FakePeerCall,
): Promise<void> {
  const { keyId, publicKey } = SigningKey.of(`${dfsp}-key-1`, SYSTEM_KEY_SEED);
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  const keys = { keyOf: async (id: string) => (id === keyId ? { dfsp, key } : undefined) };
  const [method = '', path = ''] = route.split(' ');
  const signed = { method, targetUri: peersUrl + path, headers };
  try {
    await new SignatureVerifier(keys, WINDOW_S, FIRST_USE).verify(signed, async () => undefined);
  } catch (error) {
    throw new NotConforming(
      `${asker}: another DFSP was asked by ${route} without a signature that holds (${(error as Error).message}); must be signed with SIGNING_KEY as ${keyId}`,
    );
  }
}
