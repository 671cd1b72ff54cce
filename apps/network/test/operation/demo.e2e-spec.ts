import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { TestNetwork } from '../support/test-network.js';

const DEMO = join(import.meta.dirname, '../../../../dist/apps/network/src/demo/demo.js');
const HOP_LINE = /^ {2}(\S+) +(?:dfsp\d |[a-z-]+ →|channel )/;

/** Each hop of a chain causes the next one. */
const CHAINS: Readonly<Record<string, string[][]>> = {
  'The merchant looks up': [
    ['I.A', 'I.B', 'I.C'],
    ['I.C', 'I.D', 'I.E', 'I.F', 'I.G'],
  ],
  'Bob issues an invoice': [
    ['II', 'I.A', 'I.B', 'I.C', 'I.D', 'I.E', 'I.F', 'I.G', 'III.A', 'III.B', 'III.C', 'III.D', 'III.E'],
    ['III.E', 'row-14', 'row-14b', 'row-15', 'row-15b', 'row-16'],
  ],
  'Alice pays': [
    ['S.A', 'S.B', 'S.C', 'S.D', 'S.E'],
    ['S.A', 'P.A', 'P.B', 'P.C', 'P.D', 'P.E', 'P.F'],
    ['P.E', 'P.G1', 'P.G2', 'P.H', 'P.I', 'P.J', 'row-34', 'row-35', 'V.A', 'V.B', 'V.C'],
    ['V.B', 'V.D', 'V.E', 'V.F', 'V.G', 'V.H'],
  ],
};

/** The printed lines of the step that begins so. */
function linesOf(output: string, title: string): string[] {
  const step = output.split('\n\n').find((text) => text.startsWith(title));
  return step?.split('\n') ?? [];
}

describe('npm run demo', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(() => network?.close());

  const demo = async (name: string): Promise<string> => {
    const { portBase } = network.running.plan;
    const env = { PATH: process.env['PATH'], PORT_BASE: String(portBase) };
    return (await promisify(execFile)(process.execPath, [DEMO, name], { env })).stdout;
  };

  it('says which network it talks to, prints each hop before those it causes, and what became of the balances', async () => {
    const output = await demo('invoice');
    expect(output.split('\n')[0]).toBe(`The network at ${network.running.plan.pageUrl} does this:`);
    for (const [title, chains] of Object.entries(CHAINS)) {
      const hops = linesOf(output, title).flatMap((line) => HOP_LINE.exec(line)?.[1] ?? []);
      for (const chain of chains) {
        const firsts = chain.map((id) => hops.indexOf(id));
        expect([chain, firsts]).toEqual([chain, firsts.filter((at) => at >= 0).toSorted((a, b) => a - b)]);
      }
    }
    expect(linesOf(output, 'Alice pays').at(-1)).toMatch(/^ {2}→ paid in \d+ ms$/);
    expect(output).toMatch(/dfsp1 ledger, alice +1000\.00 → +989\.60/);
  });

  it('looks a payee up, tells the price, and pays the quote', async () => {
    const output = await demo('quote');
    const hops = linesOf(output, 'Erin looks up').flatMap((line) => HOP_LINE.exec(line)?.[1] ?? []);
    expect(hops).toEqual(['I.A', 'I.B', 'I.C', 'I.D', 'I.E', 'I.F', 'I.G']);
    expect(linesOf(output, 'Erin asks').at(-2)).toMatch(/→ to Frank Fall: .* USD in all/);
    expect(linesOf(output, 'Erin pays').at(-1)).toMatch(/^ {2}→ executed in \d+ ms$/);
  });

  it('says which demos there are', async () => {
    await expect(demo('nothing')).rejects.toMatchObject({
      stderr: 'demo: there is no demo nothing; there are invoice, quote\n',
    });
  });
});
