import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError, type RoleName } from '@level-one/platform';
import { ConsoleSettings } from '../console.settings.js';
import { docsUrlOf } from './docs-url.js';
import {
  type CentrePlace,
  type NetworkPlace,
  networkPlaceOf,
  type ParticipantPlace,
  type RolePlace,
} from './network-place.js';
import { type CalledRole, RoleHttp } from './role-http.js';

const UNIT_KEPT_MS = 60_000;

/** One role of the network. */
export interface NetworkRole extends CalledRole {
  role: RoleName;
  /** Short name; null at the centre. */
  dfsp: string | null;
  docsUrl: string;
}

export interface LedgerUnit {
  currency: string;
  scale: number;
}

/** The network that the settings describe. */
@Injectable()
export class NetworkService {
  readonly place: NetworkPlace;
  readonly roles: readonly NetworkRole[];
  private readonly units = new Map<string, LedgerUnit & { readAt: number }>();

  constructor(
    settings: ConsoleSettings,
    private readonly http: RoleHttp,
  ) {
    this.place = networkPlaceOf(settings.network);
    this.roles = [
      ...this.place.centre.roles.map((role) => networkRole(role, null, this.place.centre)),
      ...this.place.participants.flatMap((one) => one.roles.map((role) => networkRole(role, one.name, one))),
    ];
  }

  get participants(): readonly ParticipantPlace[] {
    return this.place.participants;
  }

  findRole(role: RoleName, dfsp: string | null): NetworkRole | undefined {
    return this.roles.find((one) => one.role === role && one.dfsp === dfsp);
  }

  /** @throws ContractError 404 NotFoundError if the network has no such role */
  roleOf(role: RoleName, dfsp: string | null): NetworkRole {
    const found = this.findRole(role, dfsp);
    if (found) return found;
    throw commonError(CommonErrorId.NotFound, { message: `There is no ${role} of ${dfsp ?? 'the centre'}` });
  }

  /** Roles of one kind, of every DFSP and the centre. */
  rolesOfKind(...kinds: RoleName[]): NetworkRole[] {
    return this.roles.filter(({ role }) => kinds.includes(role));
  }

  /** Ledgers: of the DFSPs by their short names, and `centre`. */
  ledgers(): { ledger: string; role: NetworkRole }[] {
    return this.rolesOfKind('dfsp-ledger', 'central-ledger').map((role) => ({ ledger: role.dfsp ?? 'centre', role }));
  }

  /** A participant. @throws ContractError 404 NotFoundError */
  participantOf(name: string): ParticipantPlace {
    const found = this.place.participants.find((one) => one.name === name);
    if (found) return found;
    throw commonError(CommonErrorId.NotFound, { message: `There is no participant ${name}` });
  }

  /** Currency and scale of a ledger, from the ledger itself. @throws ContractError 502 ExternalError */
  async unitOf(ledger: NetworkRole): Promise<LedgerUnit> {
    const known = this.units.get(ledger.name);
    if (known && performance.now() - known.readAt < UNIT_KEPT_MS) return known;
    const path = ledger.url.endsWith('/ledger') ? '' : '/';
    const read = await this.http.read<{ currency_code: string; scale: number }>(ledger, path);
    const unit = { currency: read.currency_code, scale: read.scale, readAt: performance.now() };
    this.units.set(ledger.name, unit);
    return unit;
  }
}

function networkRole(
  { role, url, docsUrl, operator }: RolePlace,
  dfsp: string | null,
  place: CentrePlace,
): NetworkRole {
  return {
    role,
    dfsp,
    url,
    name: dfsp === null ? role : `${dfsp}/${role}`,
    docsUrl: docsUrl ?? docsUrlOf(role, url),
    credentials: operator ?? place.operator,
  };
}
