import { mulDivRound, parseAmount } from '@level-one/money';

/** Currency and decimals of a ledger's amounts. */
export interface LedgerUnit {
  /** ISO-4217 alpha-3. */
  currency: string;
  /** Decimals of one minor unit. */
  scale: number;
  /** Most digits of an amount in minor units. */
  precision: number;
}

/** Whole numbers whose quotient is exact. */
interface Ratio {
  over: bigint;
  under: bigint;
}

const DECIMALS = 18;
const DIGITS = 40;

/**
 * Changes amounts between the DFSP's ledger and the central one, exactly, at one rate, of which the connector keeps a
 * spread each way. What goes on is rounded down and what has to come in is rounded up, so that a fraction of a minor unit
 * stays with the connector and never is anybody's who did not have it. Amounts in minor units of the ledger named.
 */
export class Exchange {
  /** Whether an amount stays what it is, because both ledgers mean the same by it. */
  readonly isOneToOne: boolean;
  private readonly outwards: Ratio;
  private readonly inwards: Ratio;

  /**
   * @param rate decimal text: central units for one own unit, before the spread
   * @param spread decimal text, from 0 to below 1
   * @throws RangeError when one currency has a rate, or two have none
   */
  constructor(
    readonly own: LedgerUnit,
    readonly central: LedgerUnit,
    { rate, spread }: { rate: string | undefined; spread: string },
  ) {
    if (own.currency !== central.currency && rate === undefined) {
      throw new RangeError(`RATE is missing: ${own.currency} and ${central.currency} are two currencies`);
    }
    const perOwn = decimal(rate ?? '1');
    const whole = 10n ** BigInt(DECIMALS);
    if (own.currency === central.currency && perOwn !== whole) {
      throw new RangeError(`RATE is ${rate}, but both ledgers are in ${own.currency}`);
    }
    const kept = whole - decimal(spread);
    const [ownUnit, centralUnit] = [10n ** BigInt(own.scale), 10n ** BigInt(central.scale)];
    this.outwards = { over: perOwn * kept * centralUnit, under: whole * whole * ownUnit };
    this.inwards = { over: whole * kept * ownUnit, under: perOwn * whole * centralUnit };
    this.isOneToOne = own.currency === central.currency && own.scale === central.scale && kept === whole;
  }

  /** Amount for the central ledger when `own` comes in. */
  toCentral(own: bigint): bigint {
    return times(own, this.outwards, 'down');
  }

  /** The least that has to come in for `central` to go on. */
  ownFor(central: bigint): bigint {
    return dividedBy(central, this.outwards, 'up');
  }

  /** Most that goes on to a payee when `central` comes in. */
  fromCentral(central: bigint): bigint {
    return times(central, this.inwards, 'down');
  }

  /** The least that has to come in at the centre for a payee to get `own`. */
  centralFor(own: bigint): bigint {
    return dividedBy(own, this.inwards, 'up');
  }
}

function decimal(text: string): bigint {
  return parseAmount(text, { scale: DECIMALS, precision: DIGITS, allowZero: true });
}

function times(amount: bigint, { over, under }: Ratio, mode: 'up' | 'down'): bigint {
  return mulDivRound(amount, over, under, mode);
}

function dividedBy(amount: bigint, { over, under }: Ratio, mode: 'up' | 'down'): bigint {
  return mulDivRound(amount, under, over, mode);
}
