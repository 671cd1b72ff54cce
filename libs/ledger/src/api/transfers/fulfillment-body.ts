/**
 * The fulfillment in a body: a text, or `{ fulfillment }` (contract 2.6). Anything else is the empty text, which is
 * no fulfillment, so that the ledger refuses it in its turn among the other checks.
 */
export function fulfillmentOf(body: unknown): string {
  if (typeof body === 'string') return body;
  const { fulfillment } = (body ?? {}) as { fulfillment?: unknown };
  return typeof fulfillment === 'string' ? fulfillment : '';
}
