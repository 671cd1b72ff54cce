import { EMPTY_TOO } from '../http/peer-http.js';
import { Peer } from '../http/peer.js';
import { type RegisterUserDto, RegistryEntryDto } from '../wire/lookup/directory.dto.js';

/** Calls the end user registry (row 2). */
export class EndUserRegistryClient {
  constructor(private readonly peer: Peer) {}

  /** Hop I.B; the first entry is the primary one. */
  users(number: string): Promise<RegistryEntryDto[]> {
    return this.peer.call(
      'I.B',
      { path: `/users/${encodeURIComponent(number)}` },
      { shape: { of: RegistryEntryDto, isList: true } },
    );
  }

  /** Takes a number from a DFSP. */
  async remove({ number, dfspIdentifier }: RegistryEntryDto): Promise<void> {
    const path = `/users/${encodeURIComponent(number)}/${encodeURIComponent(dfspIdentifier)}`;
    await this.peer.call('support-register', { path, method: 'DELETE' }, EMPTY_TOO);
  }

  /** Makes a DFSP that holds a number its primary one. @returns the DFSPs of the number, the primary one first */
  makePrimary({ number, dfspIdentifier }: RegistryEntryDto): Promise<RegistryEntryDto[]> {
    return this.peer.call(
      'support-register',
      { path: `/users/${encodeURIComponent(number)}/primary`, method: 'PUT', json: { dfspIdentifier } },
      { shape: { of: RegistryEntryDto, isList: true } },
    );
  }

  register(entry: RegisterUserDto): Promise<RegistryEntryDto & { primary: boolean }> {
    return this.peer.call('support-register', {
      path: '/register',
      method: 'POST',
      json: entry,
    });
  }
}
