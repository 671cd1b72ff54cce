import { Body, Controller, Param, Put } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiOkResponse, ApiParam, ApiResponse } from '@nestjs/swagger';
import { DfspApiClient, ErrorDto, Hop, type PaymentTarget, ReceiverPaymentDto } from '@level-one/peers';
import { commonError, CommonErrorId, UuidPipe } from '@level-one/platform';

const INVOICE_ID = { name: 'invoiceId', example: '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10' };
const PAYMENT_ID = { name: 'paymentId', example: 'c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520' };
/** Id of the payment in the example of `POST setup` to a number. */
const PAYEE_PAYMENT_ID = 'b9c4ceba-51e4-4a80-b1a7-2972383e98af';

/**
 * Passes news of a payment to the payee's DFSP. The answer 200 approves the payment, any other rejects it with its body
 * (row 34).
 */
@ApiOkResponse({ schema: { example: {} } })
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
@ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError, NotFoundError' })
@ApiResponse({ status: 422, type: ErrorDto, description: 'InvoiceNotPendingError, UnprocessableEntityError' })
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@Controller(['spsp/backend/v1', 'v1', ''])
export class SpspBackendPaymentsController {
  constructor(private readonly dfspApi: DfspApiClient) {}

  /** Reports that a payment of an invoice was prepared, executed, rejected or has expired. */
  @Put('invoices/:invoiceId/payments/:paymentId')
  @Hop('row-34')
  @ApiParam(INVOICE_ID)
  @ApiParam(PAYMENT_ID)
  tellOfInvoicePayment(
    @Param('invoiceId') invoiceId: string,
    @Param('paymentId', UuidPipe) paymentId: string,
    @Body() payment: ReceiverPaymentDto,
  ): Promise<object> {
    return this.passNewsOn({ invoiceId }, paymentId, payment);
  }

  /** The same under its older path. */
  @Put('receivers/invoices/:invoiceId/payments/:paymentId')
  @Hop('row-34')
  @ApiExtension('x-alias-of', 'PUT /spsp/backend/v1/invoices/{invoiceId}/payments/{paymentId}')
  @ApiParam(INVOICE_ID)
  @ApiParam(PAYMENT_ID)
  tellOfReceiverInvoicePayment(
    @Param('invoiceId') invoiceId: string,
    @Param('paymentId', UuidPipe) paymentId: string,
    @Body() payment: ReceiverPaymentDto,
  ): Promise<object> {
    return this.passNewsOn({ invoiceId }, paymentId, payment);
  }

  /** The same for a payment to a number. */
  @Put('receivers/:payee/payments/:paymentId')
  @Hop('row-34')
  @ApiParam({ name: 'payee', description: 'number of the payee', example: '26547070' })
  @ApiParam({ name: 'paymentId', example: PAYEE_PAYMENT_ID })
  @ApiBody({
    type: ReceiverPaymentDto,
    examples: {
      expired: {
        summary: 'a payment that was set up and expired',
        value: {
          status: 'expired',
          transferId: PAYEE_PAYMENT_ID,
          paymentid: PAYEE_PAYMENT_ID,
          senderIdentifier: '78956562',
          destinationAmount: '10.40',
        },
      },
    },
  })
  tellOfReceiverPayment(
    @Param('payee') identifier: string,
    @Param('paymentId', UuidPipe) paymentId: string,
    @Body() payment: ReceiverPaymentDto,
  ): Promise<object> {
    return this.passNewsOn({ identifier }, paymentId, payment);
  }

  private async passNewsOn(target: PaymentTarget, paymentId: string, payment: ReceiverPaymentDto): Promise<object> {
    if (payment.paymentid.toLowerCase() !== paymentId) {
      throw commonError(CommonErrorId.InvalidBody, { message: 'paymentid differs from the one in the path' });
    }
    return (await this.dfspApi.payment(target, payment)) ?? {};
  }
}
