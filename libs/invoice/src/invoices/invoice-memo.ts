/** Revocation of an invoice by a memo: the merchant cancels it, or the client rejects it (contract 2.0, 4.1). */
export type Revocation = 'cancelled' | 'rejected';

const REVOCATIONS: readonly unknown[] = ['cancelled', 'rejected'] satisfies Revocation[];

/**
 * Parses a memo: `{"status":"cancelled"}` and `{"status":"rejected"}` revoke the invoice; anything else is plain text.
 */
export function revocationOf(memo: string): Revocation | undefined {
  if (!memo.trimStart().startsWith('{')) return undefined;
  try {
    const { status } = JSON.parse(memo) as { status?: unknown };
    return REVOCATIONS.includes(status) ? (status as Revocation) : undefined;
  } catch {
    return undefined;
  }
}

/** The memo that revokes an invoice. */
export function revocationMemo(status: Revocation): string {
  return JSON.stringify({ status });
}
