import { createHash, type KeyObject } from 'node:crypto';
import { publicKeyOf, SigningKey } from '@level-one/peers';

const KEY_ID = 'ledger';

/** The key by which a ledger signs: its own, or one that is made from the secret of its tokens. */
export function signingKeyOf(settings: { ledgerSigningKey?: string; tokenSecret: string }): SigningKey {
  const made = (): string => createHash('sha256').update(`signs statements\n${settings.tokenSecret}`).digest('hex');
  return SigningKey.of(KEY_ID, settings.ledgerSigningKey ?? made());
}

/** Reads `account=key` pairs with commas between: the keys of each account. */
export function claimLedgerKeysOf(text = ''): Map<string, KeyObject[]> {
  const keys = new Map<string, KeyObject[]>();
  for (const pair of text.split(',').filter(Boolean)) {
    const end = pair.lastIndexOf('=');
    const [account, key] = [pair.slice(0, end).trim(), publicKeyOf(pair.slice(end + 1))];
    if (key) keys.set(account, [...(keys.get(account) ?? []), key]);
  }
  return keys;
}
