import { Injectable } from '@nestjs/common';
import { formatShortest } from '@level-one/money';
import { type LimitPeriod, Limits, QuoteSide, type TransferType } from '@level-one/quote';
import { CustomerErrorId } from '../customers/customer-errors.js';
import { CustomersService } from '../customers/customers.service.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';

/** What counts towards one limit. */
export class LimitUseDto {
  /** debit: sent; credit: received. @example "debit" */
  side: QuoteSide;
  /** Absent: all types together. @example "p2p" */
  transferType?: TransferType;
  /** @example "day" */
  period: LimitPeriod;
  /** First day of the period, in the DFSP's time zone. @example "2030-01-01" */
  startsOn: string;
  /** Together, reserved quotes included. @example "10.4" */
  amount: string;
  /** @example 1 */
  count: number;
}

/** What a customer has used of their limits. */
export class CustomerLimitsDto {
  /** @example "USD" */
  currency: string;
  /** IANA name. @example "UTC" */
  timeZone: string;
  used: LimitUseDto[];
}

/** How far customers have come towards their limits. */
@Injectable()
export class CustomerLimitsService {
  constructor(
    private readonly customers: CustomersService,
    private readonly limits: Limits,
    private readonly settings: DfspApiSettings,
  ) {}

  /** @throws ContractError 404 ClientNotFound */
  async of(identifier: string): Promise<CustomerLimitsDto> {
    await this.customers.get(identifier, CustomerErrorId.ClientNotFound);
    const { currency, timeZone } = this.settings;
    const [sent, received] = await Promise.all([
      this.usedOn(QuoteSide.Debit, identifier),
      this.usedOn(QuoteSide.Credit, identifier),
    ]);
    return { currency, timeZone, used: [...sent, ...received] };
  }

  private async usedOn(side: QuoteSide, identifier: string): Promise<LimitUseDto[]> {
    const { currency, scale } = this.settings;
    const used = await this.limits.usageOf(identifier, side, currency);
    return used.map(({ transferType, period, startsOn, amount, count }) => ({
      side,
      ...(transferType === null ? {} : { transferType }),
      period,
      startsOn,
      amount: formatShortest(amount, scale),
      count,
    }));
  }
}
