/** The account that opened a websocket to a ledger. */
export interface Subscriber {
  /** Name of its account. */
  name: string;
  isAdmin: boolean;
  /** May subscribe to all accounts without being an administrator. */
  canSubscribeAll: boolean;
  /** Identifies the credential of the upgrade; differs for each password. */
  credential?: string | undefined;
  /** Expiry of the credential, Unix time in ms. */
  until?: number | undefined;
}

/** Given by the ledger that serves the websocket. */
export interface SubscriberAuthenticator {
  /**
   * @param authorization value of an Authorization header, `Basic …` or `Bearer …`; a `?token=` of the URL comes as
   *   `Bearer <token>`.
   * @param address IP address of the caller.
   * @returns undefined if the credentials are wrong; the upgrade is then answered 401.
   * @throws ContractError 429 or 503, answered as it is.
   */
  authenticate(authorization: string, address: string): Promise<Subscriber | undefined>;

  /** The subscribers whose credentials or rights are no longer valid. */
  changed?(subscribers: readonly Subscriber[]): Promise<Subscriber[]>;
}

/** Injection token of the ledger's {@link SubscriberAuthenticator}. */
export const SUBSCRIBER_AUTHENTICATOR = Symbol('SubscriberAuthenticator');
