import { Injectable } from '@nestjs/common';
import { accountOf, AddressError, joinAddress } from '@level-one/ilp';
import { LedgerClient } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { SpspClientSettings } from './spsp-client.settings.js';

/** Accounts of the DFSP's own ledger, however a caller names them. */
@Injectable()
export class PayerAccounts {
  constructor(
    private readonly settings: SpspClientSettings,
    private readonly ledger: LedgerClient,
  ) {}

  /**
   * Name of an account given as its URI, its ILP address, `<dfsp>.<name>.account` (D25), or the name itself.
   * @throws ContractError 422 UnprocessableEntityError for a URI of another ledger.
   */
  nameOf(reference: string): string {
    const base = `${this.ledger.baseUrl}/accounts/`;
    if (reference.startsWith(base)) {
      const name = decoded(reference.slice(base.length));
      if (name !== undefined) return name;
    }
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(reference)) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: `Account \`${reference}\` does not exist` });
    }
    const { dfsp, ilpPrefix } = this.settings;
    const label = new RegExp(`^${dfsp}\\.(.+)\\.account$`).exec(reference)?.[1];
    return label ?? accountOf(reference, ilpPrefix) ?? reference;
  }

  /** @throws ContractError 422 UnprocessableEntityError when the name has no ILP address. */
  addressOf(name: string): string {
    try {
      return joinAddress(this.settings.ilpPrefix, name);
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      throw commonError(CommonErrorId.UnprocessableEntity, { message: error.message });
    }
  }
}

function decoded(segment: string): string | undefined {
  if (segment === '' || /[/?#]/.test(segment)) return undefined;
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
