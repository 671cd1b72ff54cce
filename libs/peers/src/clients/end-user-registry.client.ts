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

  register(entry: RegisterUserDto): Promise<RegistryEntryDto & { primary: boolean }> {
    return this.peer.call('support-register', {
      path: '/register',
      method: 'POST',
      json: entry,
    });
  }
}
