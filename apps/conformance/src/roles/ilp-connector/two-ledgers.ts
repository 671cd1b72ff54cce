import { randomUUID } from 'node:crypto';
import { NotConforming } from '../../cases/not-conforming.js';
import { type PlayedPromise, playedPromise } from '../../played/played-promise.js';
import { PlayedLedger, type PlayedTransfer } from '../../played/played-ledger.js';
import { PlayedRole } from '../../played/play-role.js';
import { until } from '../../played/until.js';
import type { SuiteContext } from '../../common/role-suite.js';

const LIFE_MS = 40_000;

/** Where a payment goes: from this DFSP to another one, or from another one to this. */
export type Way = 'out' | 'in';

/** A payment whose transfer this connector has to carry on. */
export interface Crossing extends PlayedPromise {
  way: Way;
  /** Ledger on which the connector is credited. */
  source: PlayedLedger;
  /** Ledger on which it prepares the next transfer. */
  next: PlayedLedger;
}

export interface SourceChanges {
  amount?: string;
  /** null for a transfer without a packet. */
  packet?: string | null;
  address?: string;
  livesMs?: number;
}

/** The DFSP's ledger and the central one, between which an ILP connector carries payments. */
export class TwoLedgers {
  readonly own: PlayedLedger;
  readonly central: PlayedLedger;

  constructor(readonly context: SuiteContext) {
    const { peers, system, dfsp } = context;
    this.own = new PlayedLedger(context, 'ledger-adapter');
    this.central = new PlayedLedger(context, 'central-ledger');
    this.own.openAccount('alice', { accountType: 'mw', direct_use: false });
    this.own.openAccount('bob', { accountType: 'mw', direct_use: false });
    this.own.openAccount(this.connector, { accountType: 'con', direct_use: true });
    for (const name of [dfsp, 'other']) this.central.openAccount(name, { accountType: 'dfsp', direct_use: true });
    for (const ledger of [this.own, this.central]) this.serveFulfilments(ledger);
    const entry = (shortName: string) => ({
      shortName,
      providerUrl: `http://${shortName}.example/v1`,
      origins: [`http://${shortName}.example`],
      ilpPrefix: `levelone.${shortName}.`,
      centralAccount: shortName,
    });
    new PlayedRole(peers, system.contract, 'central-directory').serve('GET /dfsps', () => ({
      json: [entry(dfsp), entry('other')],
    }));
  }

  /** The connector's account on its DFSP's ledger. */
  get connector(): string {
    return `${this.context.dfsp}-testconnector`;
  }

  /** Waits until the connector listens to both ledgers. */
  async untilSubscribed(): Promise<void> {
    await this.own.untilSubscribed();
    await this.central.untilSubscribed();
  }

  /** Prepares the transfer that credits the connector: a payment of 10.40. */
  async begin(way: Way, changes: SourceChanges = {}): Promise<Crossing> {
    await this.untilSubscribed();
    return this.beginUnheard(way, changes);
  }

  beginUnheard(way: Way, changes: SourceChanges = {}): Crossing {
    const { amount = '10.40', livesMs = LIFE_MS } = changes;
    const { dfsp } = this.context;
    const ends = {
      out: {
        address: 'levelone.other.bob.token',
        source: this.own,
        next: this.central,
        from: 'alice',
        to: this.connector,
      },
      in: { address: `levelone.${dfsp}.bob.token`, source: this.central, next: this.own, from: 'other', to: dfsp },
    }[way];
    const { source, next, from, to } = ends;
    const paymentId = randomUUID();
    const expiresAt = new Date(Date.now() + livesMs);
    const promise = playedPromise({ paymentId, amount: '10.40', address: changes.address ?? ends.address, expiresAt });
    const { packet = promise.packet } = changes;
    source.prepare({
      id: paymentId,
      debits: [{ account: source.accountUri(from), amount, authorized: true, memo: {} }],
      credits: [{ account: source.accountUri(to), amount, memo: packet === null ? {} : { ilp: packet } }],
      execution_condition: promise.condition,
      expires_at: expiresAt.toISOString(),
    });
    return { ...promise, way, source, next };
  }

  /** Waits for the next transfer. @throws NotConforming */
  async untilForwarded({ paymentId, next, way }: Crossing, what: string): Promise<PlayedTransfer> {
    return until(
      () => next.transfers.get(paymentId),
      this.context,
      `${routeOf(way)}: ${what} was not carried on to the ${next.role}; must be prepared there`,
    );
  }

  /** Waits until the connector has fulfilled or rejected its source. @returns the body @throws NotConforming */
  async untilEnded(crossing: Crossing, how: 'fulfillment' | 'rejection', what: string): Promise<any> {
    const { paymentId, source, way } = crossing;
    const other = how === 'fulfillment' ? 'rejection' : 'fulfillment';
    const done = { fulfillment: 'fulfilled', rejection: 'rejected' };
    const call = await until(
      () => source.sentTo(paymentId, `/${how}`)[0] ?? source.sentTo(paymentId, `/${other}`)[0],
      this.context,
      `${routeOf(way)}: ${what} was not ${done[how]} at the ${source.role}; must be`,
    );
    if (call.route.endsWith(how)) return call.body;
    throw new NotConforming(
      `${routeOf(way)}: ${what} was ${done[other]} (${JSON.stringify(call.body)}); must be ${done[how]}`,
    );
  }

  private serveFulfilments(ledger: PlayedLedger): void {
    const fulfillments = new Map<string, string>();
    const end = ledger.end.bind(ledger);
    ledger.end = (id, state, changes, fulfillment) => {
      if (fulfillment !== undefined) fulfillments.set(id, fulfillment);
      end(id, state, changes, fulfillment);
    };
    ledger.serve(ledger.route('GET /transfers/{id}/fulfillment'), (_, { id = '' }) => ({
      text: fulfillments.get(id) ?? '',
    }));
  }
}

/** What stands before the findings of a way. */
export function routeOf(way: Way): string {
  return way === 'out' ? 'WS /websocket of the ledger adapter' : 'WS /websocket of the central ledger';
}
