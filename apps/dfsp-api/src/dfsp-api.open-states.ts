import { OPEN_INVOICES, OPEN_NOTIFICATIONS } from '@level-one/invoice';
import { OPEN_QUOTES } from '@level-one/quote';
import { OPEN_RESERVATIONS } from '@level-one/tariff';
import type { OpenState } from '@level-one/work';
import { OPEN_NOTICES } from './notices/open-notices.js';
import { OPEN_RECEIVER_PAYMENTS } from './payee/payments/open-receiver-payments.js';
import { OPEN_BULK_PAYMENTS } from './payer/bulk/open-bulk-payments.js';
import { OPEN_OUTGOING_PAYMENTS } from './payer/payments/open-outgoing-payments.js';

/** Every open state at a DFSP API. */
export const DFSP_API_OPEN_STATES: readonly OpenState[] = [
  ...OPEN_OUTGOING_PAYMENTS,
  ...OPEN_RECEIVER_PAYMENTS,
  ...OPEN_INVOICES,
  ...OPEN_NOTIFICATIONS,
  ...OPEN_QUOTES,
  ...OPEN_RESERVATIONS,
  ...OPEN_NOTICES,
  ...OPEN_BULK_PAYMENTS,
];
