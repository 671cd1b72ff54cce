import { formatAmount } from '@level-one/money';
import type { Delivery, Market } from './connector-quote.js';
import { roundedAmount } from './connector-quote.js';
import { ConnectorErrorId, connectorError } from './connector-errors.js';
import type { LedgerUnit } from './exchange.js';
import type { Route } from './routes.js';

/** Every other DFSP trades one to one in the central ledger's currency. */
export class OneToOneMarket implements Market {
  constructor(private readonly central: () => LedgerUnit) {}

  bySource(_route: Route, _address: string, central: bigint): Promise<Delivery> {
    return Promise.resolve(this.delivery(central));
  }

  byDestination(_route: Route, _address: string, destination: string): Promise<Delivery> {
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
