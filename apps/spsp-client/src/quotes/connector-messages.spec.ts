import { describe, expect, it } from '@jest/globals';
import { decodeIlqp, encodeIlqp } from '@level-one/ilp';
import type { LedgerClient } from '@level-one/peers';
import { ConnectorMessages } from './connector-messages.js';
import type { PayerAccounts } from '../accounts/payer-accounts.js';
import type { SpspClientSettings } from '../spsp-client.settings.js';

const QUERY = {
  source_address: 'levelone.dfsp1.dfsp1',
  destination_address: 'levelone.dfsp2.bob.token',
  destination_amount: '10.40',
  source_expiry_duration: '10',
};

/** A connector of others behind the ledger, which answers each question from `account`. */
function messagesWith(account: string): ConnectorMessages {
  const ledger = {
    metadata: async () => ({ connectors: [{ id: 'x', name: 'connector' }] }),
    sendMessage: async (_to: string, { id, ilp }: { id: string; ilp: string }) => {
      expect(decodeIlqp(Buffer.from(ilp, 'base64'))).toEqual({
        type: 'byDestinationRequest',
        destination: QUERY.destination_address,
        destinationAmount: 1_040n,
        destinationHoldMs: 9_000,
      });
      const answer = encodeIlqp({ type: 'byDestinationResponse', sourceAmount: 1_043n, sourceHoldMs: 10_000 });
      messages.onMessage({ from: 'http://ledger.test/accounts/eve', data: { id, ilp: 'AQ' } });
      messages.onMessage({
        from: `http://ledger.test/accounts/${account}`,
        data: { id, ilp: answer.toString('base64') },
      });
    },
  } as unknown as LedgerClient;
  const accounts = { addressOf: (name: string) => `levelone.dfsp1.${name}` } as PayerAccounts;
  const messages = new ConnectorMessages(
    { scale: 2, ilpPrefix: 'levelone.dfsp1.' } as SpspClientSettings,
    ledger,
    accounts,
  );
  return messages;
}

describe('a connector that serves no HTTP', () => {
  it('F3: is asked in binary over the ledger', async () => {
    expect(await messagesWith('connector').quotePayment(QUERY)).toMatchObject({
      source_connector_account: 'levelone.dfsp1.connector',
      source_amount: '10.43',
      destination_amount: '10.40',
      destination_ledger: 'levelone.dfsp2.',
      source_expiry_duration: '10',
    });
  });

  it('F3: is not asked for what the own ledger cannot say', async () => {
    expect(await messagesWith('connector').quotePayment({ ...QUERY, destination_amount: '10.405' })).toBeUndefined();
  });
});
