/** Who opened a websocket to a ledger. */
export interface Subscriber {
  /** Name of its account. */
  name: string;
  isAdmin: boolean;
  /** May subscribe to all accounts without being an administrator. */
  canSubscribeAll: boolean;
}

/** Given by the ledger that serves the websocket. */
export interface SubscriberAuthenticator {
  /**
   * @param authorization value of an Authorization header, `Basic …` or `Bearer …`; a `?token=` of the URL comes as
   *   `Bearer <token>`.
   * @returns undefined when the credentials are not good; the upgrade is then answered 401.
   */
  authenticate(authorization: string): Promise<Subscriber | undefined>;
}

/** Injection token of the ledger's {@link SubscriberAuthenticator}. */
export const SUBSCRIBER_AUTHENTICATOR = Symbol('SubscriberAuthenticator');
