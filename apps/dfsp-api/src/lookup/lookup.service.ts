import { Injectable } from '@nestjs/common';
import {
  CentralDirectoryClient,
  type DirectoryEntryDto,
  notFoundAs,
  type ReceiverDto,
  SpspClientProxyClient,
} from '@level-one/peers';
import { CommonErrorId, commonError, ExpiringMap } from '@level-one/platform';
import { CustomerErrorId, customerError } from '../customers/customer-errors.js';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { DirectoryErrorId, directoryError } from './directory-errors.js';
import { type FraudScore, FraudScorer } from './fraud-scorer.js';

/** A client of any DFSP, found by number. */
export interface FoundUser {
  /** Base URL of the SPSP server of the primary DFSP. */
  spspReceiver: string;
  receiver: ReceiverDto;
}

/** One who was looked up now. */
export interface LookedUpUser extends FoundUser {
  /** The DFSPs that hold the number, the primary one first. */
  entries: DirectoryEntryDto[];
  fraud: FraudScore;
}

/** Clients that are remembered at once; of more, those found first are looked up again. */
const REMEMBERED_MAX = 10_000;

/**
 * Looks clients up: their DFSP in the directory (hop I.A), then the receiver at their DFSP (hops I.C to I.G). What it
 * found is remembered for `LOOKUP_KEPT_S`, for those who only ask for a price.
 */
@Injectable()
export class LookupService {
  private readonly remembered: ExpiringMap<FoundUser>;

  constructor(
    private readonly directory: CentralDirectoryClient,
    private readonly proxy: SpspClientProxyClient,
    private readonly scorer: FraudScorer,
    private readonly settings: DfspApiSettings,
  ) {
    this.remembered = new ExpiringMap(settings.lookupKeptS * 1_000, REMEMBERED_MAX);
  }

  /**
   * @param identifier in the form of the directory, `type:value`
   * @throws ContractError those of row 1; 404 UserNotFound; 422 NoAccount, UserIsAboveFraudThreshold; 502.
   */
  async lookUpUser(identifier: string): Promise<LookedUpUser> {
    const entries = await this.directory.resources(identifier);
    const primary = entries[0];
    if (!primary) throw customerError(CustomerErrorId.UserNotFound);
    const user = await this.lookUpUserAt(primary.providerUrl, identifier);
    const { spspReceiver, receiver } = user;
    if (this.settings.lookupKeptS > 0) this.remembered.set(identifier, { spspReceiver, receiver });
    return { entries, ...user };
  }

  /**
   * {@link lookUpUser} with 404 UserNotFound for every unknown number.
   * @throws ContractError 404 UserNotFound; 422, 502
   */
  lookUpPayee(identifier: string): Promise<LookedUpUser> {
    return notFoundAs(
      (cause) => customerError(CustomerErrorId.UserNotFound, { cause }),
      () => this.lookUpUser(identifier),
    );
  }

  /** A client who was looked up some seconds ago, as they were then; undefined for any other, and on suspicion. */
  async recall(identifier: string): Promise<FoundUser | undefined> {
    const known = this.remembered.find(identifier);
    if (!known?.isFresh) return undefined;
    const fraud = await this.scorer.score(identifier, known.value.receiver);
    return this.isSuspected(fraud) ? undefined : known.value;
  }

  /**
   * Looks up the client of an invoice by number: at `spspServer` if the caller names one, else by the directory.
   * @throws ContractError 404 ClientNotFound; 422 NoAccount, UserIsAboveFraudThreshold; 502.
   */
  async lookUpClient(number: string, spspServer?: string): Promise<FoundUser> {
    const identifier = directoryIdentifier(number);
    if (!identifier) throw customerError(CustomerErrorId.ClientNotFound);
    return notFoundAs(
      (cause) => customerError(CustomerErrorId.ClientNotFound, { cause }),
      () => (spspServer === undefined ? this.lookUpUser(identifier) : this.lookUpUserAt(spspServer, identifier)),
    );
  }

  private async lookUpUserAt(spspServer: string, identifier: string): Promise<Omit<LookedUpUser, 'entries'>> {
    const spspReceiver = spspServer.replace(/\/+$/, '');
    const receiver = await this.readReceiver(spspReceiver, identifier.slice(identifier.indexOf(':') + 1));
    const fraud = await this.scorer.score(identifier, receiver);
    if (this.isSuspected(fraud)) throw directoryError(DirectoryErrorId.AboveFraudThreshold);
    return { spspReceiver, receiver, fraud };
  }

  private isSuspected({ score }: FraudScore): boolean {
    return score > this.settings.fraudScoreThreshold;
  }

  private async readReceiver(spspReceiver: string, number: string): Promise<ReceiverDto> {
    const answer = await notFoundAs(
      (cause) => customerError(CustomerErrorId.UserNotFound, { cause }),
      () => this.proxy.query(`${spspReceiver}/receivers/${encodeURIComponent(number)}`),
    );
    if (answer?.type === 'payee' && typeof answer.name === 'string') return neededFields(answer);
    throw commonError(CommonErrorId.External, { message: "The user's DFSP answered something else than a receiver" });
  }
}

/** The members of a receiver that a payment needs; any others are dropped. */
function neededFields(receiver: ReceiverDto): ReceiverDto {
  const { type, name, account, currencyCode, currencySymbol, currencyScale, imageUrl, firstName, lastName } = receiver;
  return {
    type,
    name,
    account,
    currencyCode,
    currencySymbol,
    imageUrl,
    ...(currencyScale === undefined ? {} : { currencyScale }),
    ...(firstName === undefined ? {} : { firstName }),
    ...(lastName === undefined ? {} : { lastName }),
  };
}

/** A number in the form of the directory: `eur:` up to 8 digits, `tel:` above; undefined if it is no valid number. */
export function directoryIdentifier(number: string): string | undefined {
  if (/^[0-9]{1,8}$/.test(number)) return `eur:${number}`;
  return /^\+?[1-9][0-9]{1,14}$/.test(number) ? `tel:${number}` : undefined;
}
