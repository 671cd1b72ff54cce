const SEGMENT = /^[a-zA-Z0-9_~-]+$/;
const ADDRESS = /^[a-zA-Z0-9_~-]+(\.[a-zA-Z0-9_~-]+)+$/;
const MAX_ADDRESS_LENGTH = 1023;

/** The parts make no valid ILP address. */
export class AddressError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AddressError';
  }
}

/** Whether the value is a full ILP address (at least two segments, no trailing dot), for example levelone.dfsp1.alice. */
export function isIlpAddress(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_ADDRESS_LENGTH && ADDRESS.test(value);
}

/** Whether the address lies under the ledger's prefix, which ends with a dot, for example `levelone.dfsp1.`. */
export function isUnderPrefix(address: string, prefix: string): boolean {
  return prefix.endsWith('.') && address.length > prefix.length && address.startsWith(prefix);
}

/** The account of an address on the ledger with the prefix; undefined if it is no address of that ledger. */
export function accountOf(address: string, prefix: string): string | undefined {
  if (!isIlpAddress(address) || !isUnderPrefix(address, prefix)) return undefined;
  return address.slice(prefix.length).split('.')[0];
}

/**
 * The address of an account (contract section 1): prefix + account [+ "." + token].
 *
 * @throws AddressError if the account or token is not one segment, or the result is no address.
 */
export function joinAddress(prefix: string, account: string, token?: string): string {
  const segments = token === undefined ? [account] : [account, token];
  const address = prefix + segments.join('.');
  if (!prefix.endsWith('.') || !segments.every((segment) => SEGMENT.test(segment)) || !isIlpAddress(address)) {
    throw new AddressError(`"${address}" is not an ILP address`);
  }
  return address;
}
