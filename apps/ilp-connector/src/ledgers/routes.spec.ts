import { describe, expect, it } from '@jest/globals';
import { Routes } from './routes.js';

const OWN = 'levelone.dfsp1.';
const learnt = (prefix: string, centralAccount: string, isSuspended = false) => ({
  prefix,
  centralAccount,
  isSuspended,
});

describe('routes', () => {
  it('of the settings win over learned ones of the same prefix; the longest prefix wins', () => {
    const routes = new Routes(OWN, 'levelone.dfsp2.=west', { learns: true });
    routes.learn([learnt('levelone.dfsp2.', 'dfsp2'), learnt('levelone.dfsp2.north.', 'north')]);
    expect(routes.routeTo('levelone.dfsp2.bob')).toMatchObject({ centralAccount: 'west' });
    expect(routes.routeTo('levelone.dfsp2.north.bob')).toMatchObject({ centralAccount: 'north' });
  });

  it('are not complete before the first are learned: a missing one is no refusal', () => {
    const routes = new Routes(OWN, '', { learns: true });
    expect(() => routes.routeTo('levelone.dfsp2.bob')).toThrow(expect.objectContaining({ status: 503 }));
    routes.learn([]);
    const refusal = expect.objectContaining({ status: 422, id: 'AssetsNotTradedError' });
    expect(() => routes.routeTo('levelone.dfsp2.bob')).toThrow(refusal);
  });

  it('to a suspended DFSP are refused for a while, and its questions are not answered', () => {
    const routes = new Routes(OWN, '', { learns: true });
    routes.learn([learnt('levelone.dfsp2.', 'dfsp2', true)]);
    expect(() => routes.routeTo('levelone.dfsp2.bob')).toThrow(expect.objectContaining({ status: 503 }));
    expect(routes.isAccount('dfsp2')).toBe(false);
    routes.learn([learnt('levelone.dfsp2.', 'dfsp2')]);
    expect(routes.isAccount('dfsp2')).toBe(true);
  });

  it('that are forgotten by the directory are gone', () => {
    const routes = new Routes(OWN, '', { learns: true });
    routes.learn([learnt('levelone.dfsp2.', 'dfsp2')]);
    routes.learn([]);
    expect(() => routes.routeTo('levelone.dfsp2.bob')).toThrow('the central directory names no ledger');
  });
});
