import { invoiceNotificationId } from '@level-one/invoice';
import { EXAMPLES_PORT_BASE, type MoveExamples } from '@level-one/platform';

/** URLs of Bob's invoices to Alice in examples: that of the seed, and the one that an example issues. */
const INVOICE_URLS = ['8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10', '5b1d8c3e-2f64-4b8a-9c0d-7e5a1f3b6d92'].map(
  (id) => `http://127.0.0.1:3203/v1/invoices/${id}`,
);
const CLIENT = '78956562';

/**
 * Adapts examples to a demo network with another first port: URLs, and the ids of notifications, which are made from
 * their invoices' URLs. Undefined if nothing has to change.
 */
export function examplesAt(portBase: number): MoveExamples | undefined {
  if (portBase === EXAMPLES_PORT_BASE) return undefined;
  const urlsMoved: MoveExamples = (json) =>
    json.replaceAll(
      /(http:\/\/127\.0\.0\.1:)(3\d{3})\b/g,
      (_, origin: string, port: string) => `${origin}${Number(port) - EXAMPLES_PORT_BASE + portBase}`,
    );
  const ids = INVOICE_URLS.map((url) => [url, urlsMoved(url)].map((one) => invoiceNotificationId(one, CLIENT)));
  return (json) => ids.reduce((text, [here, there]) => text.replaceAll(here!, there!), urlsMoved(json));
}
