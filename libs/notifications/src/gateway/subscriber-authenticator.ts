/** Who opened a websocket to a ledger. */
export interface Subscriber {
  /** Name of its account. */
  name: string;
  isAdmin: boolean;
  /** May subscribe to all accounts without being an administrator. */
  canSubscribeAll: boolean;
  /** Which credential it showed; another one for each password. */
  credential?: string | undefined;
  /** Unix time in ms when what it showed runs out. */
  until?: number | undefined;
}

/** Given by the ledger that serves the websocket. */
export interface SubscriberAuthenticator {
  /**
   * @param authorization value of an Authorization header, `Basic …` or `Bearer …`; a `?token=` of the URL comes as
   *   `Bearer <token>`.
   * @param address where the caller is.
   * @returns undefined when the credentials are not good; the upgrade is then answered 401.
   * @throws ContractError 429 or 503, answered as it is.
   */
  authenticate(authorization: string, address: string): Promise<Subscriber | undefined>;

  /** Those who would not be let in any more as they were. */
  changed?(subscribers: readonly Subscriber[]): Promise<Subscriber[]>;
}

/** Injection token of the ledger's {@link SubscriberAuthenticator}. */
export const SUBSCRIBER_AUTHENTICATOR = Symbol('SubscriberAuthenticator');
