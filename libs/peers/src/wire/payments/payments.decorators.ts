import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiExtension, ApiOkResponse, ApiOperation, ApiParam } from '@nestjs/swagger';
import { ApiError } from '../api-error.decorator.js';
import { PaymentRequestDto, PaymentResultDto } from './payment.dto.js';
import { SetupResponseDto } from './setup.dto.js';

const PAYMENT_ID = { name: 'id', description: 'paymentId', example: '0d5f1c52-7f5c-4c9e-9d8e-6a3f0c2b1e47' };
const PAYMENT_BODY = {
  type: PaymentRequestDto,
  examples: {
    'by receiver': {
      description: 'The payment is set up and paid at once.',
      value: {
        receiver: 'http://127.0.0.1:3203/v1/receivers/26547070',
        sourceAccount: 'http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice',
        sourceIdentifier: '78956562',
        destinationAmount: '10.40',
      },
    },
    'echo of a setup': {
      description: 'The answer of `POST setup`, under its id.',
      value: {
        id: '0d5f1c52-7f5c-4c9e-9d8e-6a3f0c2b1e47',
        sourceAccount: 'http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice',
        sourceAmount: '10.40',
        address: 'levelone.dfsp2.bob.kPzzYfWPmWJZ0l8w',
        destinationAmount: '10.40',
        expiresAt: '2030-01-01T00:01:00.000Z',
        execution_condition: 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32',
        additionalHeaders: 'the `additionalHeaders` of the setup',
      },
    },
  },
};

/** Documents `POST /setup` of the SPSP client, and of its proxy. */
export function ApiSetUpPayment(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary: 'Sets a payment up: cost, address and condition. A repeated request gets the same answer.',
    }),
    ApiCreatedResponse({ type: SetupResponseDto }),
    ApiError(400, 'InvalidBodyError'),
    ApiError(404, 'InvalidReceiverIdError', 'InvoiceNotFoundError'),
    ApiError(
      422,
      'InvoiceNotPendingError',
      'InvoicePayerMissmatchError',
      'UnprocessableEntityError',
      'AlreadyExistsError',
    ),
    ApiError(502, 'ExternalError'),
  );
}

/** Documents `POST /transfers/{id}` of the SPSP client, and of its proxy. */
export function ApiPay(): MethodDecorator {
  return applyDecorators(
    ApiOperation({
      summary:
        'Pays. Answers when the payment is final, or `pending` if that takes too long: 201 for the first request with ' +
        'any outcome, 200 for a repeated one.',
    }),
    ApiOkResponse({ type: PaymentResultDto, description: 'a repeated request: the same payment' }),
    ApiCreatedResponse({ type: PaymentResultDto, description: 'the first answer; the outcome is in `status`' }),
    ApiPaymentRequest(),
  );
}

/** Documents the older form of {@link ApiPay}. @param primary the route it is an alias of, such as `POST /v1/transfers/{id}` */
export function ApiPayByPut(primary: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'The same in its older form; always 200.' }),
    ApiExtension('x-alias-of', primary),
    ApiOkResponse({ type: PaymentResultDto }),
    ApiPaymentRequest(),
  );
}

function ApiPaymentRequest(): MethodDecorator {
  return applyDecorators(
    ApiParam(PAYMENT_ID),
    ApiBody(PAYMENT_BODY),
    ApiError(400, 'InvalidBodyError', 'InvalidUriParameterError'),
    ApiError(422, 'ExpiredTransferError', 'InsufficientFundsError', 'UnacceptableRateError', 'AlreadyExistsError'),
    ApiError(502, 'ExternalError'),
  );
}

/** Documents `GET /payments/{id}` of the SPSP client, and of its proxy. */
export function ApiReadPayment(): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary: 'Status of a payment.' }),
    ApiParam(PAYMENT_ID),
    ApiOkResponse({ type: PaymentResultDto }),
    ApiError(400, 'InvalidUriParameterError'),
    ApiError(404, 'NotFoundError'),
  );
}
