import { formatAmount } from '@level-one/money';
import { type Delivery, type Destination, type Market, roundedAmount } from './connector-quote.js';
import { ConnectorErrorId, connectorError } from '../ledgers/connector-errors.js';
import type { LedgerUnit } from '../ledgers/exchange.js';

/** Every other DFSP trades one to one in the central ledger's currency. */
export class OneToOneMarket implements Market {
  constructor(private readonly central: () => LedgerUnit) {}

  bySource(_to: Destination, central: bigint): Promise<Delivery> {
    return Promise.resolve(this.delivery(central));
  }

  byDestination(_to: Destination, destination: string): Promise<Delivery> {
    return Promise.resolve(this.delivery(roundedAmount('destination_amount', destination, this.central().scale, 'up')));
  }

  private delivery(central: bigint): Delivery {
    const unit = this.central();
    if (central <= 0n || central >= 10n ** BigInt(unit.precision)) {
      throw connectorError(ConnectorErrorId.UnacceptableAmount);
    }
    return { central, destination: formatAmount(central, unit.scale), unit };
  }
}
