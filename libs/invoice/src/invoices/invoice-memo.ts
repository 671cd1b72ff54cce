/** What a memo can take back: the merchant cancels, or the client rejects (contract 2.0, 4.1). */
export type Revocation = 'cancelled' | 'rejected';

const REVOCATIONS: readonly unknown[] = ['cancelled', 'rejected'] satisfies Revocation[];

/** Reads a memo: `{"status":"cancelled"}` and `{"status":"rejected"}` revoke, anything else is text for people. */
export function revocationOf(memo: string): Revocation | undefined {
  if (!memo.trimStart().startsWith('{')) return undefined;
  try {
    const { status } = JSON.parse(memo) as { status?: unknown };
    return REVOCATIONS.includes(status) ? (status as Revocation) : undefined;
  } catch {
    return undefined;
  }
}

/** Writes the memo that revokes. */
export function revocationMemo(status: Revocation): string {
  return JSON.stringify({ status });
}
