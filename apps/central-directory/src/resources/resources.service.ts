import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { type DirectoryEntryDto, EndUserRegistryClient, type RegistryEntryDto } from '@level-one/peers';
import { CommonErrorId, commonError, RoleLogger } from '@level-one/platform';
import { CentralDirectorySettings } from '../central-directory.settings.js';
import { DirectoryErrorId, directoryError } from '../directory-errors.js';
import type { Dfsp } from '../dfsps/dfsp.entity.js';
import { DfspsService, type Participant } from '../dfsps/dfsps.service.js';
import type { Identifier } from './identifier.js';

const DFSP_DIGITS = 3;

interface Standing {
  primary: boolean;
  registered: boolean;
}

function entryOf({ name, providerUrl, shortName }: Dfsp, standing: Standing): DirectoryEntryDto {
  return { name, providerUrl, shortName, ...standing };
}

/** Looks up and registers identifiers in the registry. */
@Injectable()
export class ResourcesService {
  constructor(
    private readonly dfsps: DfspsService,
    private readonly registry: EndUserRegistryClient,
    private readonly settings: CentralDirectorySettings,
    private readonly logger: RoleLogger,
  ) {}

  /**
   * DFSPs that hold an identifier, the primary one first; the default DFSP, if there is one, for an unknown identifier.
   * @throws ContractError 404 NotFoundError; 502 ExternalError if the registry does not answer
   */
  async findDfsps(identifier: Identifier): Promise<DirectoryEntryDto[]> {
    const entries = await this.registeredDfsps(identifier);
    if (entries.length > 0) return entries;
    const { defaultDfsp } = this.settings;
    const dfsp = defaultDfsp ? await this.dfsps.dfspOfShortName(defaultDfsp) : undefined;
    if (!dfsp) throw commonError(CommonErrorId.NotFound);
    return [entryOf(dfsp, { primary: true, registered: false })];
  }

  /**
   * Registers an identifier for a DFSP.
   * @throws ContractError 422 AlreadyExistsError if the DFSP holds it already; 422 UnprocessableEntityError for a type
   * without a registry; 502 ExternalError if the registry does not answer
   */
  async registerIdentifier(dfsp: Dfsp, { type, value }: Identifier): Promise<DirectoryEntryDto> {
    assertHasRegistry(type);
    const holder = { number: value, dfspIdentifier: this.dfspIdentifier(dfsp) };
    try {
      const { primary } = await this.asOwnError(() => this.registry.register(holder));
      // To the registry, one that has left is the primary one still.
      return entryOf(dfsp, { primary: primary || (await this.isPrimary(dfsp, value)), registered: true });
    } catch (error) {
      if (!(error instanceof ContractError) || error.id !== CommonErrorId.AlreadyExists) throw error;
      const message = 'The identifier has already been registered by this DFSP';
      throw commonError(CommonErrorId.AlreadyExists, { message, cause: error });
    }
  }

  /**
   * Takes an identifier from a DFSP, which no longer serves the customer; the DFSP that registered it next becomes the
   * primary one.
   * @throws ContractError 404 NotFoundError if the DFSP does not hold it; 422 UnprocessableEntityError for a type without
   * a registry; 502 ExternalError if the registry does not answer
   */
  async removeIdentifier(dfsp: Dfsp, { type, value: number }: Identifier): Promise<void> {
    assertHasRegistry(type);
    await this.asOwnError(() => this.registry.remove({ number, dfspIdentifier: this.dfspIdentifier(dfsp) }));
  }

  /**
   * Makes a DFSP that holds an identifier the primary one: the customer moved there. A repeated request changes nothing.
   * @param by the DFSP that asks, which has to be the primary one; undefined for the admin
   * @throws ContractError 403 UnauthorizedError for another DFSP; otherwise as {@link removeIdentifier}
   */
  async makePrimary(dfsp: Dfsp, identifier: Identifier, by: Dfsp | undefined): Promise<DirectoryEntryDto[]> {
    const { type, value: number } = identifier;
    assertHasRegistry(type);
    if (dfsp.status !== 'active') {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: `${dfsp.shortName} takes no part now` });
    }
    if (by) await this.assertMayGive(by, dfsp, number);
    const holder = { number, dfspIdentifier: this.dfspIdentifier(dfsp) };
    await this.asOwnError(() => this.registry.makePrimary(holder));
    return this.registeredDfsps(identifier);
  }

  /** @throws ContractError unless the number belongs to the DFSP that gives it, or to the one that gets it already */
  private async assertMayGive(by: Dfsp, to: Dfsp, number: string): Promise<void> {
    const entries = await this.entriesOfNumber(number);
    const primary = await this.primaryAmong(entries);
    if (primary && [by.number, to.number].includes(primary.number)) return;
    if (entries.length === 0) throw commonError(CommonErrorId.NotFound);
    const message = 'Only the DFSP to which the identifier belongs now, or the admin, gives it to another';
    throw commonError(CommonErrorId.Forbidden, { message });
  }

  /** Whether payments to a number go to this DFSP. */
  private async isPrimary({ number }: Dfsp, value: string): Promise<boolean> {
    return (await this.primaryAmong(await this.entriesOfNumber(value)))?.number === number;
  }

  /** The DFSP to which payments go; those that have left are left out. Undefined if it is in another scheme. */
  private async primaryAmong([first, ...others]: readonly RegistryEntryDto[]): Promise<Participant | undefined> {
    if (!first || !this.isOwnScheme(first)) return undefined;
    const [primary] = await this.participantsOf([first, ...others.filter((entry) => this.isOwnScheme(entry))]);
    return primary;
  }

  /** The credentials at the registry are the directory's: its 401 is no 401 for the DFSP. */
  private async asOwnError<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof ContractError && error.status === 401)
        throw commonError(CommonErrorId.External, { cause: error });
      throw error;
    }
  }

  private async registeredDfsps({ type, value }: Identifier): Promise<DirectoryEntryDto[]> {
    if (type !== 'eur') return [];
    const found = await this.entriesOfNumber(value);
    // Payments go to the primary DFSP: if it is in another scheme, a second DFSP must not get them.
    if (found[0] && !this.isOwnScheme(found[0])) throw directoryError(DirectoryErrorId.CrossScheme);
    const holders = await this.participantsOf(found.filter((entry) => this.isOwnScheme(entry)));
    const [primary] = holders;
    if (primary?.status === 'suspended') throw isSuspended(primary);
    const active = holders.filter(({ status }) => status === 'active');
    return active.map((dfsp) => entryOf(dfsp, { primary: dfsp === primary, registered: true }));
  }

  /** DFSPs of entries of the registry; one that has left no longer holds the number. */
  private async participantsOf(entries: readonly RegistryEntryDto[]): Promise<Participant[]> {
    const dfsps = await this.dfsps.dfspsOfNumbers(entries.map(numberOf));
    return entries.flatMap((entry) => {
      const dfsp = dfsps.find(({ number }) => number === numberOf(entry));
      if (dfsp) return dfsp.status === 'left' ? [] : [dfsp];
      this.logger.warn(
        { dfspIdentifier: entry.dfspIdentifier },
        'the registry names a DFSP that is not registered here',
      );
      return [];
    });
  }

  private async entriesOfNumber(number: string): Promise<RegistryEntryDto[]> {
    try {
      const entries: unknown = await this.registry.users(number);
      if (Array.isArray(entries) && entries.every(isRegistryEntry)) return entries;
    } catch (error) {
      if (error instanceof ContractError && error.status === 404) return [];
      throw error;
    }
    throw commonError(CommonErrorId.External, {
      message: 'The end user registry answered something else than entries',
    });
  }

  private isOwnScheme({ dfspIdentifier }: RegistryEntryDto): boolean {
    return dfspIdentifier.startsWith(`${this.settings.scheme}:`);
  }

  private dfspIdentifier({ number }: Dfsp): string {
    return `${this.settings.scheme}:${String(number).padStart(DFSP_DIGITS, '0')}`;
  }
}

/** The primary DFSP of a number is suspended: another DFSP must not get its payments. */
function isSuspended({ shortName }: Participant): ContractError {
  return commonError(CommonErrorId.NotFound, { message: `${shortName}, which holds this number, is suspended` });
}

/** @throws ContractError 422 UnprocessableEntityError */
function assertHasRegistry(type: string): void {
  if (type === 'eur') return;
  throw commonError(CommonErrorId.UnprocessableEntity, { message: `There is no registry for '${type}' identifiers` });
}

function isRegistryEntry(entry: unknown): entry is RegistryEntryDto {
  return /^[0-9]{3}:[0-9]{1,10}$/.test(String((entry as RegistryEntryDto | null)?.dfspIdentifier));
}

function numberOf({ dfspIdentifier }: RegistryEntryDto): number {
  const number = Number(dfspIdentifier.split(':')[1]);
  // 0 belongs to no DFSP. More digits than {@link DFSP_DIGITS} would not fit the integer column.
  return number < 10 ** DFSP_DIGITS ? number : 0;
}
