import { Injectable } from '@nestjs/common';
import { formatAmount, unitAtScale } from '@level-one/money';
import type { InvoiceTerms } from '@level-one/invoice';
import { type InvoiceViewDto, SpspClientProxyClient } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { QuoteSide, TransferType } from '@level-one/quote';
import { FeeRules } from '@level-one/tariff';
import { answeredAmount } from '../../requests/amounts.js';
import { DfspApiSettings } from '../../dfsp-api.settings.js';

/** An invoice, and the fee of this DFSP for paying it. */
export interface PayableInvoice {
  view: InvoiceTerms;
  transferType: TransferType;
  /** Minor units of the invoice's currency. */
  amount: bigint;
  /** Decimals of that currency on the merchant's ledger. */
  scale: number;
  /** Fee of the payer by this DFSP's fee rules, in minor units; 0 for an invoice in another currency. */
  fee: bigint;
}

/** An invoice as it is now. */
export interface ReadInvoice extends PayableInvoice {
  view: InvoiceViewDto;
}

/** Fees may depend on who pays. */
type Payer = { payerIdentifier?: string };

/** Reads invoices of any DFSP by their URL (row 14). */
@Injectable()
export class InvoiceReader {
  constructor(
    private readonly proxy: SpspClientProxyClient,
    private readonly fees: FeeRules,
    private readonly settings: DfspApiSettings,
  ) {}

  /** Reads it at the merchant's DFSP. @throws ContractError 400, 404 InvoiceNotFoundError, 502 ExternalError */
  async readInvoice(invoiceUrl: string, payer: Payer = {}): Promise<ReadInvoice> {
    const view = await this.proxy.invoice(invoiceUrl);
    if (!isInvoiceView(view)) {
      throw commonError(CommonErrorId.External, {
        message: "The merchant's DFSP answered something else than an invoice",
      });
    }
    return { ...(await this.payableOf(view, payer)), view };
  }

  /** An invoice whose terms are known. @throws ContractError 502 ExternalError for an amount that is none */
  async payableOf(view: InvoiceTerms, { payerIdentifier }: Payer): Promise<PayableInvoice> {
    const scale = decimalsOf(view.amount);
    const amount = answeredAmount(view.amount, unitAtScale(scale));
    const transferType = view.invoiceType === 'cashOut' ? TransferType.CashOut : TransferType.Invoice;
    const fee = await this.fees.feeFor(transferType, amount, view.currencyCode, {
      side: QuoteSide.Debit,
      payeeIdentifier: view.merchantIdentifier,
      ...(payerIdentifier === undefined ? {} : { payerIdentifier }),
    });
    return { view, transferType, amount, scale, fee: scale === this.settings.scale ? fee : 0n };
  }

  /** The invoice with the payer's fee, for the channel. @throws ContractError as {@link readInvoice} */
  async viewWithFee(invoiceUrl: string): Promise<InvoiceViewDto> {
    const { view, fee } = await this.readInvoice(invoiceUrl);
    return Object.assign(view, { fee: formatAmount(fee, this.settings.scale) });
  }
}

/** What an invoice says, besides its status; null for one that leaves out what a payment needs. */
export function termsOf(view: InvoiceViewDto): InvoiceTerms | null {
  const { invoiceId, invoiceType, name, account, merchantIdentifier, amount, currencyCode } = view;
  const terms = { invoiceId, invoiceType, name, account, merchantIdentifier, amount, currencyCode };
  return Object.values(terms).every((text) => typeof text === 'string') ? terms : null;
}

/** Decimals of an invoice's amount: exactly those of its ledger. */
export function decimalsOf(amount: string): number {
  return /\.(\d{1,9})$/.exec(amount)?.[1]?.length ?? 0;
}

function isInvoiceView(view: Partial<InvoiceViewDto> | undefined): boolean {
  const texts = [view?.invoiceId, view?.name, view?.status, view?.currencyCode, view?.currencySymbol];
  return view?.type === 'invoice' && texts.every((text) => typeof text === 'string');
}
