import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { type DirectoryEntryDto, EndUserRegistryClient, type RegistryEntryDto } from '@level-one/peers';
import { CommonErrorId, commonError, RoleLogger } from '@level-one/platform';
import { CentralDirectorySettings } from '../central-directory.settings.js';
import { DirectoryErrorId, directoryError } from '../directory-errors.js';
import type { Dfsp } from '../dfsps/dfsp.entity.js';
import { DfspsService } from '../dfsps/dfsps.service.js';
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
    if (type !== 'eur') {
      throw commonError(CommonErrorId.UnprocessableEntity, {
        message: `There is no registry for '${type}' identifiers`,
      });
    }
    try {
      const { primary } = await this.registry.register({ number: value, dfspIdentifier: this.dfspIdentifier(dfsp) });
      return entryOf(dfsp, { primary, registered: true });
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      if (error.id === CommonErrorId.AlreadyExists) {
        const message = 'The identifier has already been registered by this DFSP';
        throw commonError(CommonErrorId.AlreadyExists, { message, cause: error });
      }
      // The credentials at the registry are the directory's: its 401 is no 401 for the DFSP.
      if (error.status === 401) throw commonError(CommonErrorId.External, { cause: error });
      throw error;
    }
  }

  private async registeredDfsps({ type, value }: Identifier): Promise<DirectoryEntryDto[]> {
    if (type !== 'eur') return [];
    const found = await this.entriesOfNumber(value);
    // Payments go to the primary DFSP: if it is in another scheme, a second DFSP must not get them.
    if (found[0] && !this.isOwnScheme(found[0])) throw directoryError(DirectoryErrorId.CrossScheme);
    const own = found.filter((entry) => this.isOwnScheme(entry));
    const dfsps = await this.dfsps.dfspsOfNumbers(own.map(numberOf));
    return own.flatMap((entry) => {
      const dfsp = dfsps.find(({ number }) => number === numberOf(entry));
      if (dfsp) return [entryOf(dfsp, { primary: entry === found[0], registered: true })];
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

function isRegistryEntry(entry: unknown): entry is RegistryEntryDto {
  return /^[0-9]{3}:[0-9]{1,10}$/.test(String((entry as RegistryEntryDto | null)?.dfspIdentifier));
}

function numberOf({ dfspIdentifier }: RegistryEntryDto): number {
  const number = Number(dfspIdentifier.split(':')[1]);
  // 0 belongs to no DFSP. More digits than {@link DFSP_DIGITS} would not fit the integer column.
  return number < 10 ** DFSP_DIGITS ? number : 0;
}
