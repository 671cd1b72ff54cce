import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { offerQuote, type QuoteQuery, type QuoteTerms } from './connector-quote.js';
import { Exchange } from '../ledgers/exchange.js';
import { OneToOneMarket } from './markets.js';
import { Routes } from '../ledgers/routes.js';

const USD = { currency: 'USD', scale: 2, precision: 10 };
const EXCHANGE = new Exchange(USD, USD, { rate: undefined, spread: '0' });
const TERMS: QuoteTerms = {
  routes: new Routes('levelone.dfsp1.', 'levelone.dfsp2.=dfsp2'),
  connectorAddress: 'levelone.dfsp1.dfsp1-testconnector',
  exchange: EXCHANGE,
  liquidity: 100_000_000n,
  minMessageWindowS: 1,
  maxHoldTimeS: 60,
  market: new OneToOneMarket(() => USD),
};
const ADDRESSES = { source_address: 'levelone.dfsp1.alice', destination_address: 'levelone.dfsp2.bob' };

async function outcome(query: QuoteQuery): Promise<string> {
  try {
    const offer = await offerQuote({ ...ADDRESSES, ...query }, TERMS);
    return `${offer.source_amount} ${offer.source_expiry_duration}/${offer.destination_expiry_duration}`;
  } catch (error) {
    if (error instanceof ContractError) return `${error.status} ${error.id}`;
    throw error;
  }
}

describe('offerQuote', () => {
  it.each([
    [{ destination_amount: '10.4' }, '10.40 6/5'],
    [{ source_amount: '7' }, '7.00 6/5'],
    [{ source_amount: '7.009' }, '7.00 6/5'],
    [{ destination_amount: '7.001' }, '7.01 6/5'],
    [{ destination_amount: '7.01', destination_precision: '10', destination_scale: '0' }, '8.00 6/5'],
    [{ destination_amount: '12.01', destination_precision: '3', destination_scale: '1' }, '12.10 6/5'],
    [
      { destination_amount: '99.91', destination_precision: '3', destination_scale: '1' },
      '422 UnacceptableAmountError',
    ],
    [{ source_amount: '1', source_expiry_duration: '20' }, '1.00 20/19'],
    [{ source_amount: '1', destination_expiry_duration: '20' }, '1.00 21/20'],
    [{ source_amount: '1', source_expiry_duration: '61', destination_expiry_duration: '60' }, '1.00 61/60'],
    [{ source_amount: '1', destination_expiry_duration: '61' }, '422 UnacceptableExpiryError'],
    [{ source_amount: '1', source_expiry_duration: '1' }, '422 UnacceptableExpiryError'],
    [{ source_amount: '1', source_expiry_duration: 'soon' }, '400 InvalidUriParameterError'],
    [{}, '400 NoAmountSpecifiedError'],
    [{ source_amount: '1', destination_amount: '1' }, '400 InvalidUriParameterError'],
    [{ source_amount: '0' }, '400 InvalidAmountSpecifiedError'],
    [{ source_amount: '-3' }, '400 InvalidAmountSpecifiedError'],
    [{ source_amount: 'Infinity' }, '400 InvalidAmountSpecifiedError'],
    [{ source_amount: '0.009' }, '422 UnacceptableAmountError'],
    [{ source_amount: '1000000.01' }, '422 UnacceptableAmountError'],
    [{ destination_amount: '99999999999' }, '422 UnacceptableAmountError'],
    [{ source_amount: '1', destination_scale: '2' }, '400 InvalidUriParameterError'],
    [{ source_amount: ['1', '2'] }, '400 InvalidUriParameterError'],
    [{ source_amount: '1', source_address: 'levelone.dfsp2.carol' }, '422 AssetsNotTradedError'],
    [{ source_amount: '1', destination_address: 'levelone.dfsp1.dave' }, '422 AssetsNotTradedError'],
    [{ source_amount: '1', destination_address: 'no address' }, '400 InvalidUriParameterError'],
  ])('%j: %s', async (query, expected) => {
    expect(await outcome(query as QuoteQuery)).toBe(expected);
  });
});
