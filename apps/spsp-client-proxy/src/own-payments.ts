/** Maximum of payments in memory; the oldest are dropped. */
const PAYMENTS_MAX = 10_000;

/** Ids of the payments that went through this instance, to recognise their transfers. */
export class OwnPayments {
  private readonly ids = new Set<string>();

  rememberPayment(paymentId: string): void {
    this.ids.delete(paymentId);
    this.ids.add(paymentId);
    const [oldest] = this.ids;
    if (this.ids.size > PAYMENTS_MAX && oldest !== undefined) this.ids.delete(oldest);
  }

  hasPayment(paymentId: string): boolean {
    return this.ids.has(paymentId);
  }
}
