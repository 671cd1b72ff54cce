import { Injectable } from '@nestjs/common';
import { formatShortest } from '@level-one/money';
import { QuoteSide } from '@level-one/quote';
import { type LimitRule, Limits, type RuleScope } from '@level-one/tariff';
import { CustomerErrorId } from '../customers/customer-errors.js';
import { CustomersService } from '../customers/customers.service.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import type { CustomerLimitsDto, LimitUseDto } from './customer-limits.dto.js';
import { storedRule } from './rule-mapping.js';
import type { StoredLimitRuleDto } from './rule.dto.js';

/** Limits of customers, and how much of them is used. */
@Injectable()
export class CustomerLimitsService {
  constructor(
    private readonly customers: CustomersService,
    private readonly limits: Limits,
    private readonly settings: DfspApiSettings,
  ) {}

  /** @throws ContractError 404 ClientNotFound */
  async limitsOf(identifier: string): Promise<CustomerLimitsDto> {
    await this.customers.getCustomer(identifier, CustomerErrorId.ClientNotFound);
    const { currency, timeZone } = this.settings;
    const [sent, received, rules] = await Promise.all([
      this.usedOn(QuoteSide.Debit, identifier),
      this.usedOn(QuoteSide.Credit, identifier),
      this.limits.history.rulesInForce(),
    ]);
    const limits = rules
      .filter((rule) => rule.currency === currency && isAbout(rule, identifier))
      .map((rule) => storedRule<LimitRule, StoredLimitRuleDto>(rule));
    return { currency, timeZone, used: [...sent, ...received], limits };
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

/** Whether a limit may match a transfer of this customer, with any other party. */
function isAbout({ side, payerIdentifier, payeeIdentifier }: RuleScope, identifier: string): boolean {
  const sends = side !== QuoteSide.Credit && (payerIdentifier ?? identifier) === identifier;
  const receives = side !== QuoteSide.Debit && (payeeIdentifier ?? identifier) === identifier;
  return sends || receives;
}
