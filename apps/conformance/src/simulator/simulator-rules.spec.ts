import { describe, expect, it } from '@jest/globals';
import { Faults, type Passage } from '@level-one/testing/faults';
import { SimulatedDfsp } from './simulated-dfsp.js';

function passage(hop: string, text: string, place = 'dfsp2/dfsp-api'): Passage {
  return { kind: 'request', place, hop, path: '/', text };
}

function simulated(...rules: unknown[]): { dfsp: SimulatedDfsp; faults: Faults } {
  const faults = new Faults();
  const dfsp = new SimulatedDfsp({ dfsp: 'dfsp2', apiUrl: 'http://127.0.0.1:1', faults, report: () => undefined });
  dfsp.addRules(rules);
  return { dfsp, faults };
}

const REFUSED = { refuse: { status: 422, id: 'LimitExceededError' } };

describe('a rule of the simulator', () => {
  it.each([
    ['S.E', '{"identifier":"26547070","amount":"13.00"}', true],
    ['S.F', '{"identifier":"26547070","amount":13}', true],
    ['S.E', '{"identifier":"26547070","amount":"13.01"}', false],
    ['S.E', '{"identifier":"265470701","amount":"13.00"}', false],
    ['Q.2', '{"identifier":"26547070","amount":"13.00"}', false],
  ])('by number and amount, at %s with %s: %s', (hop, text, isMeant) => {
    const { faults } = simulated({ when: { at: 'setup', number: '26547070', amount: '13.0' }, do: REFUSED });
    expect(faults.meet(passage(hop, text)) !== undefined).toBe(isMeant);
  });

  it('answers for the simulated DFSP only, with status and body', () => {
    const { faults } = simulated({ when: { at: 'payment' }, do: REFUSED });
    expect(faults.meet(passage('row-35', '{}', 'dfsp1/dfsp-api'))).toBeUndefined();
    expect(faults.meet(passage('row-35', '{}'))!.rule.action).toEqual({
      do: 'answer',
      status: 422,
      body: { id: 'LimitExceededError', message: 'Refused by a rule of the simulator' },
    });
  });

  it('of a scenario is in force while the scenario is on', () => {
    const { dfsp, faults } = simulated({ scenario: 'closed', when: { at: 'lookup' }, do: { silent: true } });
    expect(faults.meet(passage('I.G', ''))).toBeUndefined();
    dfsp.scenario = 'closed';
    expect(faults.meet(passage('I.G', ''))).toBeDefined();
    expect(dfsp.rules).toMatchObject([{ scenario: 'closed', met: 1 }]);
    dfsp.clearRules();
    expect(faults.all).toEqual([]);
  });

  it.each([
    [{ when: { at: 'dinner' }, do: REFUSED }, 'rule 1: when.at is one of lookup,'],
    [{ when: { at: 'setup' }, do: {} }, 'rule 1: do has one of refuse,'],
    [{ when: { at: 'setup' }, do: { pay: { account: 'bob' } } }, 'rule 1: pay is for "at": "notification"'],
    ['refuse all', 'rule 1: a rule is { "when", "do" }'],
  ])('that is wrong is refused in words: %j', (rule, words) => {
    expect(() => simulated(rule)).toThrow(words);
  });
});
