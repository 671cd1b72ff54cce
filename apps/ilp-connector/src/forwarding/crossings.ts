import { Injectable } from '@nestjs/common';
import type { HopId, LedgerClient, WireTransfer } from '@level-one/peers';
import { type ForwardingTerms, type NextTransfer, towardsCentre, towardsPayee } from './forwarding.js';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { CentralLedgerClient, OwnLedgerClient } from '../ledgers/ledger-clients.js';

type AccountLedger = LedgerClient & { accountName: string };

/** Two ledgers that a payment goes between, and the hops that do it. */
export interface Crossing {
  /** Ledger of the source, for logs and rows. */
  name: 'own' | 'central';
  from: AccountLedger;
  to: AccountLedger;
  /** ILP prefix of `from`, for the memo of the next transfer. */
  fromPrefix: string;
  plan: (transfer: WireTransfer, terms: ForwardingTerms, now: Date) => NextTransfer;
  prepare: HopId;
  /** Hops on `from`: the fulfilment or rejection that comes back. */
  fulfil: HopId;
  reject: HopId;
}

/** Both ways over this connector. */
@Injectable()
export class Crossings {
  /** T1 on the own ledger, then T2 on the central one. */
  readonly outwards: Crossing;
  /** T2 on the central ledger, then T3 on the own one. */
  readonly inwards: Crossing;

  constructor(own: OwnLedgerClient, central: CentralLedgerClient, settings: IlpConnectorSettings) {
    this.outwards = {
      name: 'own',
      from: own,
      to: central,
      fromPrefix: settings.ilpPrefix,
      plan: towardsCentre,
      prepare: 'P.G1',
      fulfil: 'V.F',
      reject: 'R3',
    };
    this.inwards = {
      name: 'central',
      from: central,
      to: own,
      fromPrefix: settings.centralIlpPrefix,
      plan: towardsPayee,
      prepare: 'P.H',
      fulfil: 'V.D',
      reject: 'R2',
    };
  }
}
