import { createHash, type KeyObject } from 'node:crypto';
import { publicKeyOf, SigningKey } from '@level-one/peers';

const KEY_ID = 'ledger';

/** The key by which a ledger signs: its own, or one that is made from the secret of its tokens. */
export function signingKeyOf(settings: { ledgerSigningKey?: string; tokenSecret: string }): SigningKey {
  const made = (): string => createHash('sha256').update(`signs statements\n${settings.tokenSecret}`).digest('hex');
  return SigningKey.of(KEY_ID, settings.ledgerSigningKey ?? made());
}

/** Keys of base64url; what is no key is left out. */
export function ledgerKeysOf(texts: readonly string[]): KeyObject[] {
  return texts.flatMap((text) => publicKeyOf(text) ?? []);
}

/** Reads `account=key` pairs with commas between: the keys of each account. */
export function claimLedgerKeysOf(text = ''): Map<string, KeyObject[]> {
  const keys = new Map<string, KeyObject[]>();
  for (const pair of text.split(',').filter(Boolean)) {
    const end = pair.lastIndexOf('=');
    const account = pair.slice(0, end).trim();
    keys.set(account, [...(keys.get(account) ?? []), ...ledgerKeysOf([pair.slice(end + 1)])]);
  }
  return keys;
}
