/** Reads routes of one role, with the credentials of somebody who may. */
export interface RecordsReader {
  /** The JSON of a good answer. @throws Error, whatever the reader throws, for every other one */
  read<T>(path: string): Promise<T>;
  /** Undefined for 404. @throws as {@link read} */
  find<T>(path: string): Promise<T | undefined>;
}

/** An account on a ledger, and who reads it. */
export interface AccountPlace {
  reader: RecordsReader;
  account: string;
}

/** Where the records of one DFSP are read. */
export interface DfspPlace {
  dfsp: string;
  api?: RecordsReader;
  /** Its connector's account on its own ledger, and its account at the centre. */
  books?: { own: AccountPlace; central: AccountPlace };
}

/** A ledger whose invariants are checked. */
export interface LedgerPlace {
  name: string;
  /** Undefined at the centre. */
  dfsp: string | undefined;
  /** As an administrator. */
  reader: RecordsReader;
}

/** What is compared. */
export interface Places {
  dfsps: readonly DfspPlace[];
  /** None if one DFSP alone is compared: its administrators read `GET /invariants` of their ledger themselves. */
  ledgers: readonly LedgerPlace[];
}

/** Something that could not be read. */
export interface UnreadPart {
  /** Undefined at the centre. */
  dfsp: string | undefined;
  role: 'dfsp-api' | 'ilp-connector' | 'dfsp-ledger' | 'central-ledger';
}
