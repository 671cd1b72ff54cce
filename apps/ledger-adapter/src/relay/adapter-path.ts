/** Base paths of the adapter, the primary first. */
export const ADAPTER_BASE_PATHS = ['ilp/ledger/v1', 'ledger'];

/** The base path at the beginning of a request's URL. */
export const ADAPTER_PATH = new RegExp(`^/(${ADAPTER_BASE_PATHS.join('|')})(?=[/?]|$)`);
