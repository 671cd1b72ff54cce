import { TransferRequestDto } from './transfer.dto.js';

const TRANSFER_ID = '3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14';

/** Parameter `id` of the routes of a transfer, for Swagger. */
export const TRANSFER_ID_PARAM = { name: 'id', description: 'UUID', example: TRANSFER_ID };

/** Body of a fulfillment; it is that of the example's condition. */
export const FULFILLMENT_SCHEMA = { type: 'string', example: 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f' };

/** Body of a transfer, for Swagger. The examples name no ledger, so that each holds on all that know its accounts. */
export const TRANSFER_BODY = {
  type: TransferRequestDto,
  examples: {
    prepared: {
      summary: 'prepared, on the ledger of dfsp1: the money is held until the condition is fulfilled',
      value: {
        debits: [{ account: 'alice', amount: '10.40', authorized: true }],
        credits: [{ account: 'dave', amount: '10.40' }],
        execution_condition: 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32',
        expires_at: '2030-01-01T00:00:00.000Z',
      },
    },
    executed: {
      summary: 'executed at once, without a condition, on the ledger of dfsp2 (under another id)',
      value: {
        debits: [{ account: 'carol', amount: '10.40', authorized: true }],
        credits: [{ account: 'frank', amount: '10.40' }],
      },
    },
    betweenDfsps: {
      summary: 'executed at once on the central ledger, as dfsp1 (under another id)',
      value: {
        debits: [{ account: 'dfsp1', amount: '10.40', authorized: true }],
        credits: [{ account: 'dfsp2', amount: '10.40' }],
      },
    },
  },
};
