import { Injectable } from '@nestjs/common';
import { formatAmount } from '@level-one/money';
import { type InvoiceViewDto, SpspClientProxyClient } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { FeeRules, TransferType } from '@level-one/quote';
import { answeredAmount } from '../amounts.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';

/** Somebody's invoice as it stands at its merchant's DFSP, and what paying it would cost here. */
export interface PayableInvoice {
  view: InvoiceViewDto;
  /** Minor units of the invoice's currency. */
  amount: bigint;
  /** What the payer is charged on top, in the same units. */
  fee: bigint;
}

/** Reads invoices of any DFSP by their URL (row 14). */
@Injectable()
export class InvoiceReader {
  constructor(
    private readonly proxy: SpspClientProxyClient,
    private readonly fees: FeeRules,
    private readonly settings: DfspApiSettings,
  ) {}

  /** @throws ContractError 400, 404 InvoiceNotFoundError, 502 ExternalError */
  async read(invoiceUrl: string): Promise<PayableInvoice> {
    const view = await this.proxy.invoice(invoiceUrl);
    if (!isInvoiceView(view)) {
      throw commonError(CommonErrorId.External, { message: "The merchant's DFSP answered something else" });
    }
    const amount = answeredAmount(view.amount, this.settings.scale);
    const transferType = view.invoiceType === 'cashOut' ? TransferType.CashOut : TransferType.Invoice;
    return { view, amount, fee: await this.fees.fee(transferType, amount, view.currencyCode) };
  }

  /** The invoice with the payer's fee, for the channel. @throws ContractError as {@link read} */
  async viewWithFee(invoiceUrl: string): Promise<InvoiceViewDto> {
    const { view, fee } = await this.read(invoiceUrl);
    return Object.assign(view, { fee: formatAmount(fee, this.settings.scale) });
  }
}

function isInvoiceView(view: Partial<InvoiceViewDto> | undefined): boolean {
  const texts = [view?.invoiceId, view?.name, view?.status, view?.currencyCode, view?.currencySymbol];
  return view?.type === 'invoice' && texts.every((text) => typeof text === 'string');
}
