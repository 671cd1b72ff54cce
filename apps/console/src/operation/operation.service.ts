import { Injectable } from '@nestjs/common';
import type { DfspDetailsDto } from '@level-one/peers';
import type { RoleName } from '@level-one/platform';
import { DataSource } from 'typeorm';
import { type NetworkRole, NetworkService } from '../network/network.service.js';
import { RoleHttp } from '../network/role-http.js';
import type { MissingPartDto } from '../payments/payments.dto.js';
import { noteMissing } from '../payments/payments.service.js';
import type {
  LedgerInvariantsDto,
  NetworkInvariantsDto,
  NetworkOpenDto,
  NetworkParticipantsDto,
  NetworkPositionsDto,
  NetworkUndeliveredDto,
  NetworkWindowsDto,
  OverduePageDto,
  OverdueQueryDto,
  RoleHealthDto,
  RoleOpenDto,
} from './operation.dto.js';

const HEALTH_TIMEOUT_MS = 3_000;
/** Invariants of a large ledger take long. */
const INVARIANTS_TIMEOUT_MS = 120_000;
/** Of one role, its longest page; a longer list is said to be cut. */
const UNDELIVERED_MAX = 1_000;
const WITH_OPEN_STATES: readonly RoleName[] = [
  'dfsp-api',
  'spsp-client',
  'spsp-server',
  'ilp-connector',
  'dfsp-ledger',
  'central-ledger',
];
const DELIVERING: readonly RoleName[] = ['dfsp-api', 'spsp-server'];

interface SeenInstances {
  role: string;
  dfsp: string | null;
  instances: number;
  version: string | null;
}

interface UndeliveredPage {
  undelivered: object[];
  /** `after` of the next page; absent on the last one. */
  next?: string;
}

interface InvariantsJson {
  invariants: { invariant: string; violations: object[] }[];
}

interface DfspJson {
  shortName: string;
  status?: string;
  providerUrl: string;
  centralAccount?: string;
}

interface HealthJson {
  message?: string;
  notes?: string[];
}

/** What operators look at, read from the roles now. */
@Injectable()
export class OperationService {
  constructor(
    private readonly network: NetworkService,
    private readonly http: RoleHttp,
    private readonly dataSource: DataSource,
  ) {}

  async listRoles(): Promise<RoleHealthDto[]> {
    const seen = await this.dataSource.query<SeenInstances[]>(
      `SELECT role, dfsp, count(DISTINCT instance)::integer AS instances,
         (array_agg(version ORDER BY id DESC))[1] AS version
       FROM spans WHERE started_at > now() - interval '10 minutes' GROUP BY role, dfsp`,
    );
    return Promise.all(
      this.network.roles.map(async (one) => {
        const { dfsp, role, url, docsUrl } = one;
        const found = seen.find((row) => row.role === role && row.dfsp === dfsp);
        const health = await this.healthOf(one);
        const { version = null, instances = null } = found ?? {};
        return { dfsp, role, url, docsUrl, ...health, version, instances };
      }),
    );
  }

  async readOpen(): Promise<NetworkOpenDto> {
    const missing: MissingPartDto[] = [];
    const roles = this.network.rolesOfKind(...WITH_OPEN_STATES);
    const read = await Promise.all(
      roles.map((role) => this.openAt(role).catch((error) => noteMissing(missing, role, error))),
    );
    return { open: read.flatMap((one) => one ?? []), missing };
  }

  /** @throws ContractError 404 NotFoundError if there is no such role, or it has nothing of this kind; 502 ExternalError */
  async listOverdue({ dfsp, role, kind, limit, after }: OverdueQueryDto): Promise<OverduePageDto> {
    const query = new URLSearchParams({ overdue: 'true', limit, ...(after !== undefined && { after }) });
    const path = `/open/${encodeURIComponent(kind)}?${query.toString()}`;
    return this.http.read<OverduePageDto>(this.network.roleOf(role, dfsp ?? null), path);
  }

  async readUndelivered(): Promise<NetworkUndeliveredDto> {
    const missing: MissingPartDto[] = [];
    const read = await Promise.all(
      this.network.rolesOfKind(...DELIVERING).map(async (role) => {
        const { dfsp } = role;
        const page = await this.http
          .read<UndeliveredPage>(role, `/undelivered?limit=${UNDELIVERED_MAX}`)
          .catch((error) => noteMissing(missing, role, error));
        if (page?.next !== undefined) {
          missing.push({ dfsp, role: role.role, reason: `only the first ${UNDELIVERED_MAX} are shown` });
        }
        return (page?.undelivered ?? []).map((one) => Object.assign({ dfsp, role: role.role }, one));
      }),
    );
    return { undelivered: read.flat(), missing };
  }

  async readInvariants(): Promise<NetworkInvariantsDto> {
    const missing: MissingPartDto[] = [];
    const ledgers = await Promise.all(
      this.network.ledgers().map(async ({ ledger, role }): Promise<LedgerInvariantsDto | undefined> => {
        const request = { path: '/invariants', timeoutMs: INVARIANTS_TIMEOUT_MS };
        const read = await this.http
          .read<InvariantsJson>(role, request)
          .catch((error) => noteMissing(missing, role, error));
        return read && invariantsToJson(ledger, read);
      }),
    );
    return { ledgers: ledgers.flatMap((one) => one ?? []), missing };
  }

  /** Positions of the participants; the ledger's own accounts have none. */
  async readPositions(): Promise<NetworkPositionsDto> {
    const ledger = this.network.roleOf('central-ledger', null);
    const { positions } = await this.http.read<{ positions: { account: string }[] }>(ledger, '/positions');
    const known = new Set(this.network.participants.map(({ name, centralAccount = name }) => centralAccount));
    return { positions: positions.filter(({ account }) => known.has(decodeURIComponent(account.split('/').at(-1)!))) };
  }

  async listWindows(limit: number, before: string | undefined): Promise<NetworkWindowsDto> {
    const query = new URLSearchParams({ limit: String(limit), ...(before !== undefined && { before }) });
    const ledger = this.network.roleOf('central-ledger', null);
    return { windows: await this.http.read<object[]>(ledger, `/settlements?${query.toString()}`) };
  }

  readWindow(id: string): Promise<object> {
    return this.http.read<object>(this.network.roleOf('central-ledger', null), `/settlements/${id}`);
  }

  /**
   * A file with the payments that settle a window, as the central ledger makes it.
   * @throws ContractError 422 UnprocessableEntityError for an open window; 404 NotFoundError; 502 ExternalError
   */
  readPaymentFile(id: string, file: string): Promise<string> {
    return this.http.readText(this.network.roleOf('central-ledger', null), `/settlements/${id}/${file}`);
  }

  async listParticipants(): Promise<NetworkParticipantsDto> {
    const directory = this.network.roleOf('central-directory', null);
    const [dfsps, positions] = await Promise.all([
      this.http.read<DfspJson[]>(directory, '/dfsps'),
      this.readPositions().then(
        (read) => read.positions as { account: string; net_debit_cap: string | null }[],
        () => [],
      ),
    ]);
    const participants = dfsps.map(async ({ shortName, status = 'active', providerUrl, centralAccount }) => {
      const ledger = this.network.findRole('dfsp-ledger', shortName);
      const unit = ledger && (await this.network.unitOf(ledger).catch(() => undefined));
      const account = centralAccount ?? shortName;
      const position = positions.find((one) => one.account.split('/').at(-1) === account);
      return {
        name: shortName,
        currency: unit?.currency ?? null,
        state: status,
        ...(position && { netDebitCap: position.net_debit_cap }),
        url: providerUrl,
      };
    });
    return { participants: await Promise.all(participants) };
  }

  /** @throws ContractError 404 NotFoundError if the directory has no such DFSP; 502 ExternalError */
  readParticipant(name: string): Promise<DfspDetailsDto> {
    const directory = this.network.roleOf('central-directory', null);
    return this.http.read<DfspDetailsDto>(directory, `/dfsps/${encodeURIComponent(name)}`);
  }

  private async healthOf(role: NetworkRole): Promise<Pick<RoleHealthDto, 'health' | 'message'>> {
    const called = { ...role, credentials: undefined };
    const request = { path: '/health', timeoutMs: HEALTH_TIMEOUT_MS };
    const answer = await this.http.call(called, request).catch(() => undefined);
    if (!answer) return { health: 'down', message: 'It does not answer' };
    const { message = `answered ${answer.status}`, notes = [] } = (answer.body ?? {}) as HealthJson;
    if (answer.status === 200) return { health: 'up', message: notes.length > 0 ? notes.join('; ') : null };
    return { health: 'notReady', message: [message, ...notes].join('; ') };
  }

  private async openAt(place: NetworkRole): Promise<RoleOpenDto[]> {
    const { dfsp, role } = place;
    const { open } = await this.http.read<{ open: RoleOpenDto[] }>(place, '/open');
    return open.map((row) => Object.assign({ dfsp, role }, row));
  }
}

const PROBLEMS_MAX = 20;

function invariantsToJson(ledger: string, { invariants }: InvariantsJson): LedgerInvariantsDto {
  const problems = invariants.flatMap(({ invariant, violations }) =>
    violations.map((row) => `${invariant}: ${JSON.stringify(row)}`),
  );
  return {
    ledger,
    isKept: problems.length === 0,
    checked: invariants.length,
    problems: problems.slice(0, PROBLEMS_MAX),
  };
}
