/** Builds and parses the absolute URIs of one ledger (contract, section 3). */
export class LedgerUris {
  /** @param base public base URL with base path, without a slash at its end. */
  constructor(readonly base: string) {}

  account(name: string): string {
    return `${this.base}/accounts/${encodeURIComponent(name)}`;
  }

  transfer(id: string): string {
    return `${this.base}/transfers/${id}`;
  }

  /** Account name in an account URI of this ledger, or the bare name itself; undefined for anything else. */
  accountName(reference: string): string | undefined {
    const prefix = `${this.base}/accounts/`;
    const name = reference.startsWith(prefix) ? decodeSegment(reference.slice(prefix.length)) : reference;
    if (name === undefined || !isAccountName(name)) return undefined;
    // A URI of another ledger is not a name, although names may contain almost any character.
    return name === reference && /^https?:\/\//i.test(name) ? undefined : name;
  }
}

const ACCOUNT_NAME_LENGTH_MAX = 256;

/** Whether a text may be an account name: any Unicode without control characters and lone surrogates. */
export function isAccountName(text: string): boolean {
  const isPathStep = text === '.' || text === '..';
  return text !== '' && text.length <= ACCOUNT_NAME_LENGTH_MAX && !isPathStep && !/[\p{Cc}\p{Cs}]/u.test(text);
}

function decodeSegment(segment: string): string | undefined {
  if (/[/?#]/.test(segment)) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
