import type {
  InvoiceNotificationInDto,
  InvoiceNotificationResultDto,
} from '../wire/invoices/invoice-notification.dto.js';
import type { InvoiceViewDto } from '../wire/invoices/invoice.dto.js';
import type { ReceiverPaymentDto } from '../wire/payments/payment.dto.js';
import { EMPTY_TOO } from '../http/peer-http.js';
import { Peer } from '../http/peer.js';
import { fromDfspHeaders } from '../signing/from-dfsp.js';
import type { ReceiverDto } from '../wire/lookup/receiver.dto.js';
import type { ApprovalRequestDto, SetupApprovalDto } from '../wire/payments/setup.dto.js';

/** What a payment is for: an invoice, or simply a payee. */
export type PaymentTarget = { invoiceId: string } | { identifier: string };

/** Calls the DFSP's own SPSP backend; `baseUrl` ends with `/spsp/backend/v1`. */
export class SpspBackendClient {
  constructor(private readonly peer: Peer) {}

  /** Hop I.F. */
  receiver(identifier: string): Promise<ReceiverDto> {
    return this.peer.call('I.F', { path: `/receivers/${encodeURIComponent(identifier)}` });
  }

  /** Hop III.D; `from` is the DFSP that is proven to notify. */
  postInvoice(
    notification: InvoiceNotificationInDto,
    from: string | undefined,
  ): Promise<InvoiceNotificationResultDto | undefined> {
    return this.peer.call(
      'III.D',
      {
        path: '/invoices',
        method: 'POST',
        json: notification,
        headers: fromDfspHeaders(from),
      },
      EMPTY_TOO,
    );
  }

  /** Row 15. */
  invoice(invoiceId: string): Promise<InvoiceViewDto> {
    return this.peer.call('row-15b', { path: `/invoices/${encodeURIComponent(invoiceId)}` });
  }

  /** Hop S.D; `repeated` lets the backend know that its own hop is S.F, `from` is the DFSP that is proven to ask. */
  setup(
    request: ApprovalRequestDto,
    { repeated, from }: { repeated: boolean; from: string | undefined },
  ): Promise<SetupApprovalDto> {
    return this.peer.call('S.D', {
      path: '/setup',
      method: 'POST',
      json: request,
      headers: { ...(repeated ? { 'l1p-hop': 'S.F' } : {}), ...fromDfspHeaders(from) },
    });
  }

  /** Row 34. */
  payment(target: PaymentTarget, payment: ReceiverPaymentDto): Promise<object> {
    const of =
      'invoiceId' in target
        ? `/invoices/${encodeURIComponent(target.invoiceId)}`
        : `/receivers/${encodeURIComponent(target.identifier)}`;
    return this.peer.call(
      'row-34',
      {
        path: `${of}/payments/${payment.paymentid}`,
        method: 'PUT',
        json: payment,
      },
      EMPTY_TOO,
    );
  }
}
