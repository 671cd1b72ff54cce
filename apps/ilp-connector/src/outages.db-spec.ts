import { describe, expect, it } from '@jest/globals';
import { FULFILLMENT } from '@level-one/testing';
import {
  ledgers,
  clients,
  startLedger,
  startConnector,
  stopConnector,
  prepare,
  untilStates,
  balances,
  PAID,
  useConnectors,
} from './ilp-connector.fixture.js';

useConnectors();

describe('a connector that was away', () => {
  it('forwards what was prepared meanwhile (N53)', async () => {
    await stopConnector('dfsp1');
    const id = await prepare();
    await stopConnector('dfsp2');
    await startConnector('dfsp1');
    await untilStates(id, 'prepared', 'prepared', undefined);
    await startConnector('dfsp2');
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await untilStates(id, 'executed', 'executed', 'executed');
    expect(await balances()).toEqual(PAID);
  });

  it('claims what was executed meanwhile', async () => {
    const id = await prepare();
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    await stopConnector('dfsp1');
    await stopConnector('dfsp2');
    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await untilStates(id, 'prepared', 'prepared', 'executed');
    await startConnector('dfsp2');
    await startConnector('dfsp1');
    await untilStates(id, 'executed', 'executed', 'executed');
    expect(await balances()).toEqual(PAID);
  });
});

describe('a ledger that was away', () => {
  it('does not hinder a payment that can still be made', async () => {
    await ledgers.central.close();
    const id = await prepare();
    await startLedger('central');
    await untilStates(id, 'prepared', 'prepared', 'prepared');
    await ledgers.central.close();
    await clients.dfsp2.fulfil('V.A', id, FULFILLMENT);
    await startLedger('central');
    await untilStates(id, 'executed', 'executed', 'executed');
    expect(await balances()).toEqual(PAID);
  });
});
