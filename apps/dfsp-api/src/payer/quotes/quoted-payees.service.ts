import { Injectable } from '@nestjs/common';
import { currencyDecimals } from '@level-one/money';
import { type InvoiceViewDto, RegisteredOrigins } from '@level-one/peers';
import { CustomerErrorId, customerError } from '../../customers/customer-errors.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { directoryIdentifier, LookupService } from '../../lookup/lookup.service.js';
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
   * The payee with this number (hops I.A to I.G).
   * @throws ContractError 404 UserNotFound; 422 NoAccount, UserIsAboveFraudThreshold; 502
   */
  async byNumber(number: string, payerIdentifier: string): Promise<QuotedPayee> {
    const known = directoryIdentifier(number);
    if (known === undefined) throw customerError(CustomerErrorId.UserNotFound);
    const { spspReceiver, receiver } = await this.lookup.lookUpPayee(known);
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
  async merchantOf(view: InvoiceViewDto, invoiceUrl: string, payerIdentifier: string): Promise<QuotedPayee> {
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
