import { Injectable } from '@nestjs/common';
import { accountOf, AddressError, joinAddress } from '@level-one/ilp';
import { accountNameOf, LedgerClient } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { SpspClientSettings } from '../spsp-client.settings.js';

/** Ours serves the same under `/ledger`. */
const ADAPTER_PATH = /\/ilp\/ledger\/v1$/;

/** Accounts of the DFSP's own ledger, however a caller names them. */
@Injectable()
export class PayerAccounts {
  constructor(
    private readonly settings: SpspClientSettings,
    private readonly ledger: LedgerClient,
  ) {}

  /**
   * Name of an account given as a URI of the DFSP's ledger or adapter, its ILP address, `<dfsp>.<name>.account` (D25),
   * or the name itself.
   * @throws ContractError 422 UnprocessableEntityError for a URI of another ledger.
   */
  nameOf(reference: string): string {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(reference)) return this.nameInUri(reference);
    const { dfsp, ilpPrefix } = this.settings;
    const label = new RegExp(`^${dfsp}\\.(.+)\\.account$`).exec(reference)?.[1];
    return label ?? accountOf(reference, ilpPrefix) ?? reference;
  }

  /** Under the bases at which the adapter and the ledger behind it serve accounts. */
  private nameInUri(reference: string): string {
    const name = accountNameOf(reference);
    const base = /^(.*)\/accounts\/[^/?#]+$/.exec(reference)?.[1];
    if (name !== undefined && base !== undefined && URL.canParse(base) && this.isOwnBase(base)) return name;
    throw commonError(CommonErrorId.UnprocessableEntity, { message: `Account \`${reference}\` does not exist` });
  }

  private isOwnBase(base: string): boolean {
    const { href } = new URL(base);
    return this.bases.some((own) => new URL(own).href === href);
  }

  private get bases(): string[] {
    const { ledgerUrl } = this.settings;
    const adapter = this.ledger.baseUrl;
    const alias = adapter.replace(ADAPTER_PATH, '/ledger');
    return [adapter, alias, ...(ledgerUrl === undefined ? [] : [ledgerUrl.replace(/\/+$/, '')])];
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
