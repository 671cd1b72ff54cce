import type { OpenState } from '@level-one/work';

/** Open states of invoices at their issuer. */
export const OPEN_INVOICES: readonly OpenState[] = [
  {
    kind: 'invoice',
    state: 'pending',
    table: 'invoices',
    where: `status = 'pending'`,
    id: 'id::text',
    since: 'created_at',
    due: 'expires_at',
    owner: 'people: who pays, rejects or cancels it; the keeper of invoices at its expiry',
    ends: 'executed, rejected, cancelled, expired',
    atMost: 'its `expiresAt`; without one it stays until somebody ends it',
  },
  {
    kind: 'invoice',
    state: 'approved',
    table: 'invoices',
    where: `status = 'approved'`,
    id: 'id::text',
    since: 'created_at',
    owner: 'the payment with its `paymentId`',
    ends: 'executed, or pending again if the payment fails',
    atMost: 'as long as that payment',
  },
];

/** Open states of notifications at the client's DFSP. */
export const OPEN_NOTIFICATIONS: readonly OpenState[] = [
  {
    kind: 'notification',
    state: 'pending',
    table: 'invoice_notifications',
    where: `status = 'pending'`,
    id: 'id::text',
    since: 'created_at',
    due: 'CASE WHEN payment_id IS NULL THEN expires_at END',
    owner: 'people: who pays or rejects it; a notice of its issuer; the keeper of notifications at its expiry',
    ends: 'executed, rejected, cancelled, expired, as its invoice',
    atMost: 'the expiry of its invoice; without one it stays until somebody ends the invoice',
  },
];
