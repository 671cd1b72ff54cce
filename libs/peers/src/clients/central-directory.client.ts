import { PeerHttp } from '../http/peer-http.js';
import {
  DfspOriginsDto,
  DirectoryEntryDto,
  type RegisteredDfspDto,
  type RegisterDfspDto,
  type RegisterResourceDto,
  type SigningKeyDto,
} from '../wire/lookup/directory.dto.js';
import { PAGE_ENTRIES, readPages } from '../wire/pages.js';

/** Calls a central directory (row 1 and the supporting routes of 2.1). */
export class CentralDirectoryClient {
  constructor(
    private readonly http: PeerHttp,
    private readonly baseUrl: string,
    /** `Basic …` of the calling DFSP, or of the admin for {@link register}. */
    private readonly authorization: string,
  ) {}

  /** Hop I.A. `identifier` as `eur:78956562`. */
  resources(identifier: string): Promise<DirectoryEntryDto[]> {
    return this.http.call('I.A', this.to({ path: '/resources', query: { identifier } }), {
      shape: { of: DirectoryEntryDto, isList: true },
    });
  }

  /** Origins that DFSPs registered (ruling 2). */
  dfsps(): Promise<DfspOriginsDto[]> {
    const shape = { of: DfspOriginsDto, isList: true } as const;
    return readPages(
      (after) => {
        const query = { limit: String(PAGE_ENTRIES), after };
        return this.http.call<DfspOriginsDto[]>('support-origins', this.to({ path: '/dfsps', query }), { shape });
      },
      ({ shortName }) => shortName,
    );
  }

  /** Whether the directory takes the credentials. @throws ContractError 502 ExternalError while it cannot be asked */
  async isLetIn(): Promise<boolean> {
    const answer = await this.http.request('support-origins', this.to({ path: '/dfsps', query: { limit: '1' } }));
    if (answer.status === 401) return false;
    this.http.success('support-origins', answer);
    return true;
  }

  /** Registers a DFSP; needs the admin. */
  register(dfsp: RegisterDfspDto): Promise<RegisteredDfspDto> {
    return this.http.call('support-origins', this.to({ path: '/commands/register', method: 'POST', json: dfsp }));
  }

  /** Changes what a DFSP registered; needs its own credentials, or the admin's. */
  changeDfsp(
    shortName: string,
    changes: Partial<Pick<RegisterDfspDto, 'providerUrl' | 'schemeAdapterUrl'>>,
  ): Promise<DfspOriginsDto> {
    const path = `/dfsps/${encodeURIComponent(shortName)}`;
    return this.http.call('support-origins', this.to({ path, method: 'PUT', json: changes }), {
      shape: { of: DfspOriginsDto },
    });
  }

  /** Registers a key of a DFSP; needs its own credentials, or the admin's. */
  addKey(shortName: string, key: SigningKeyDto): Promise<SigningKeyDto> {
    const path = `/dfsps/${encodeURIComponent(shortName)}/keys`;
    return this.http.call('support-origins', this.to({ path, method: 'POST', json: key }));
  }

  /** Registers a number for the calling DFSP. */
  registerResource(resource: RegisterResourceDto): Promise<DirectoryEntryDto> {
    return this.http.call('support-origins', this.to({ path: '/resources', method: 'POST', json: resource }));
  }

  private to<T extends object>(call: T) {
    return { baseUrl: this.baseUrl, authorization: this.authorization, ...call };
  }
}
