import { RegistryEntryAnswer } from './answers.js';
import { PeerHttp } from './peer-http.js';
import type { RegisterUserDto, RegistryEntryDto } from './directory.dto.js';

/** Calls the end user registry (row 2). */
export class EndUserRegistryClient {
  constructor(
    private readonly http: PeerHttp,
    private readonly baseUrl: string,
    /** `Basic …` of the registry's admin, for {@link register}. */
    private readonly authorization: string,
  ) {}

  /** Hop I.B; the first entry is the primary one. */
  users(number: string): Promise<RegistryEntryDto[]> {
    return this.http.call(
      'I.B',
      { baseUrl: this.baseUrl, path: `/users/${encodeURIComponent(number)}` },
      { shape: { of: RegistryEntryAnswer, isList: true } },
    );
  }

  register(entry: RegisterUserDto): Promise<RegistryEntryDto & { primary: boolean }> {
    return this.http.call('support-register', {
      baseUrl: this.baseUrl,
      path: '/register',
      method: 'POST',
      json: entry,
      authorization: this.authorization,
    });
  }
}
