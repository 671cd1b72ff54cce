import { describe, expect, it } from '@jest/globals';
import { InvoiceNotificationStatus, notificationStatusesBefore } from '../notifications/invoice-notification-status.js';
import {
  CHANNEL_STATUS,
  InvoiceStatus,
  invoiceStatusesBefore,
  InvoiceType,
  isAddressed,
  SPSP_STATUS,
} from './invoice-status.js';
import { type Invoice, invoiceStatusAt } from './invoice.entity.js';

describe('the states of an invoice', () => {
  it.each([
    [InvoiceStatus.Pending, ['approved']],
    [InvoiceStatus.Approved, ['pending']],
    [InvoiceStatus.Executed, ['pending', 'approved']],
    [InvoiceStatus.Rejected, ['pending']],
    [InvoiceStatus.Cancelled, ['pending']],
    [InvoiceStatus.Expired, ['pending']],
  ])('%s can follow %j', (to, from) => {
    expect(invoiceStatusesBefore(to)).toEqual(from);
  });

  it('hide a payment in progress', () => {
    expect(SPSP_STATUS[InvoiceStatus.Approved]).toBe('unpaid');
    expect(CHANNEL_STATUS[InvoiceStatus.Approved]).toBe('pending');
    expect(CHANNEL_STATUS[InvoiceStatus.Executed]).toBe('paid');
  });

  it('are expired from their expiry on, even before the sweeper has run, unless a payment is in progress', () => {
    const at = new Date(1_000);
    const invoice = (status: InvoiceStatus, expiresAt: Date | null = at) => ({ status, expiresAt }) as Invoice;
    expect(invoiceStatusAt(invoice(InvoiceStatus.Pending), new Date(999))).toBe('pending');
    expect(invoiceStatusAt(invoice(InvoiceStatus.Pending), at)).toBe('expired');
    expect(invoiceStatusAt(invoice(InvoiceStatus.Approved), at)).toBe('approved');
    expect(invoiceStatusAt(invoice(InvoiceStatus.Pending, null), at)).toBe('pending');
  });

  it('require a client for two of the four types', () => {
    expect(Object.values(InvoiceType).filter((type) => isAddressed(type))).toEqual(['standard', 'cashOut']);
  });
});

describe('the states of a notification', () => {
  it('can change from pending, as the invoice does at its issuer, or to executed because money has moved', () => {
    expect(notificationStatusesBefore(InvoiceNotificationStatus.Rejected)).toEqual(['pending']);
    for (const to of [InvoiceNotificationStatus.Cancelled, InvoiceNotificationStatus.Expired]) {
      expect(notificationStatusesBefore(to)).toEqual(['pending', 'rejected']);
    }
    expect(notificationStatusesBefore(InvoiceNotificationStatus.Pending)).toEqual([]);
    expect(notificationStatusesBefore(InvoiceNotificationStatus.Executed)).toEqual([
      'pending',
      'rejected',
      'cancelled',
      'expired',
    ]);
  });
});
