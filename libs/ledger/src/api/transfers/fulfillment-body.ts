/**
 * The fulfillment in a body: a text, or `{ fulfillment }` (contract 2.6). Any other body gives an empty text, which the
 * ledger refuses in the order of its checks.
 */
export function fulfillmentOf(body: unknown): string {
  if (typeof body === 'string') return body;
  const { fulfillment } = (body ?? {}) as { fulfillment?: unknown };
  return typeof fulfillment === 'string' ? fulfillment : '';
}
