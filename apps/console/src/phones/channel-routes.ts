import { leadsElsewhere } from '../network/leads-elsewhere.js';

/** A route of a DFSP API that a phone may call. A segment that begins with a colon is any one segment. */
export interface PhoneRoute {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
}

const get = (path: string): PhoneRoute => ({ method: 'GET', path });
const post = (path: string): PhoneRoute => ({ method: 'POST', path });
const put = (path: string): PhoneRoute => ({ method: 'PUT', path });

/**
 * What the phones of the page can do: what a channel may do for one customer. Routes that change customers, or run lists
 * of payments, are not among them.
 */
export const PHONE_ROUTES: readonly PhoneRoute[] = [
  get('client/:userNumber'),
  get('customers/:identifier'),
  get('merchant/:identifier'),
  post('merchantInvoice'),
  post('invoices'),
  get('invoices'),
  get('invoices/:invoiceId'),
  put('invoices/:invoiceId/cancel'),
  get('invoice'),
  post('invoice/pay'),
  get('invoiceFees/:invoiceUrl/:identifier/:account'),
  get('invoiceNotifications'),
  get('invoiceNotifications/pending/:userNumber'),
  get('invoiceNotifications/:invoiceNotificationId'),
  put('invoiceNotifications/reject'),
  put('invoiceNotifications/pay'),
  post('quote'),
  get('quotes'),
  get('quotes/:paymentId'),
  post('quotes'),
  post('transfer'),
  get('payments'),
  get('payments/:paymentId'),
  get('payments/:paymentId/timeline'),
  get('charges'),
  get('limits/:identifier'),
];

const SEGMENT = /^[\w%~.!*'():@,+-]+$/;

/** Whether a phone may send a request with this method to this path below `/v1/`. */
export function isPhoneRoute(method: string, path: string): boolean {
  const given = path.split('/');
  if (!given.every((segment) => SEGMENT.test(segment)) || leadsElsewhere(path)) return false;
  return PHONE_ROUTES.some((route) => {
    const segments = route.path.split('/');
    return (
      route.method === method &&
      segments.length === given.length &&
      segments.every((segment, index) => segment.startsWith(':') || segment === given[index])
    );
  });
}
