import { Injectable } from '@nestjs/common';
import { isClientError } from '@level-one/errors';
import { currencyDecimals } from '@level-one/money';
import type { InvoiceTerms } from '@level-one/invoice';
import { RegisteredOrigins } from '@level-one/peers';
import { CustomerErrorId, customerError } from '../../customers/customer-errors.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { directoryIdentifier, type FoundUser, LookupService } from '../../lookup/lookup.service.js';
import { decimalsOf } from '../invoices/invoice-reader.js';
import { type QuotedPayee, receiverUrlOf } from './quoted-party.js';

/** Finds payees, and the scheme adapters of their DFSPs. */
@Injectable()
export class QuotedPayees {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly lookup: LookupService,
    private readonly origins: RegisteredOrigins,
  ) {}

  /**
   * Quotes a payment to the payee with this number, who is looked up (hops I.A to I.G) unless that was done some seconds
   * ago. What is remembered refuses nothing: if the quote is refused, the payee is looked up again, and quoted again if
   * they have changed.
   *
   * @throws ContractError 404 UserNotFound; 422 NoAccount, UserIsAboveFraudThreshold; 502; those of `quote`
   */
  async quoteTo<T>(number: string, payerIdentifier: string, quote: (payee: QuotedPayee) => Promise<T>): Promise<T> {
    const identifier = directoryIdentifier(number);
    if (identifier === undefined) throw customerError(CustomerErrorId.UserNotFound);
    const known = await this.lookup.recall(identifier);
    const lookUpNow = async (): Promise<QuotedPayee> =>
      this.payeeOf(identifier, payerIdentifier, await this.lookup.lookUpPayee(identifier));
    if (known === undefined) return quote(await lookUpNow());
    const remembered = await this.payeeOf(identifier, payerIdentifier, known);
    try {
      return await quote(remembered);
    } catch (error) {
      if (!isClientError(error)) throw error;
      const now = await lookUpNow();
      if (isQuotedAlike(now, remembered)) throw error;
      return quote(now);
    }
  }

  private async payeeOf(
    known: string,
    payerIdentifier: string,
    { spspReceiver, receiver }: FoundUser,
  ): Promise<QuotedPayee> {
    const identifier = known.slice(known.indexOf(':') + 1);
    const dfsp = await this.origins.ownerOf(spspReceiver);
    return {
      identifier,
      identifierType: known.startsWith('tel:') ? 'tel' : 'eur',
      name: receiver.name,
      account: receiver.account,
      currency: receiver.currencyCode,
      scale: receiver.currencyScale ?? this.usualScale(receiver.currencyCode),
      adapterUrl: dfsp?.schemeAdapterUrl,
      receiverUrl: `${spspReceiver}/receivers/${encodeURIComponent(identifier)}`,
      isPayer: dfsp?.shortName === this.settings.dfsp && identifier === payerIdentifier,
    };
  }

  /** The merchant of an invoice. @throws ContractError 404 UserNotFound for an invoice URL that no DFSP registered */
  async merchantOf(view: InvoiceTerms, invoiceUrl: string, payerIdentifier: string): Promise<QuotedPayee> {
    const dfsp = await this.origins.ownerOf(invoiceUrl);
    if (!dfsp) throw customerError(CustomerErrorId.UserNotFound);
    const { merchantIdentifier: identifier } = view;
    return {
      identifier,
      identifierType: directoryIdentifier(identifier)?.startsWith('tel:') ? 'tel' : 'eur',
      name: view.name,
      account: view.account,
      currency: view.currencyCode,
      scale: decimalsOf(view.amount),
      adapterUrl: dfsp.schemeAdapterUrl,
      receiverUrl: receiverUrlOf(dfsp, identifier),
      isPayer: dfsp.shortName === this.settings.dfsp && identifier === payerIdentifier,
    };
  }

  private usualScale(currency: string): number {
    return currency === this.settings.currency ? this.settings.scale : currencyDecimals(currency);
  }
}

/** Whether two payees are asked for at the same place, with the same words. */
function isQuotedAlike(one: QuotedPayee, other: QuotedPayee): boolean {
  const deciding = ['account', 'currency', 'scale', 'adapterUrl', 'receiverUrl'] as const;
  return deciding.every((member) => one[member] === other[member]);
}
