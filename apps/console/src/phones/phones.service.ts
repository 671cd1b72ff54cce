import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError } from '@level-one/platform';
import pLimit from 'p-limit';
import { AuditService } from '../audit/audit.service.js';
import { ConsoleSettings } from '../console.settings.js';
import { NetworkService } from '../network/network.service.js';
import { type RoleAnswer, RoleHttp } from '../network/role-http.js';
import { isPhoneRoute } from './channel-routes.js';

/** Requests of phones that are on their way at once, and that wait. */
const AT_ONCE = 32;
const WAITING_MAX = 200;
/** Longer than a payment takes. */
const TIMEOUT_MS = 130_000;

/** What a phone asks of a DFSP API. */
export interface PhoneRequest {
  /** Name of the user who acts as a customer. */
  who: string;
  dfsp: string;
  method: string;
  /** Path below `/v1/`, as it was sent. */
  path: string;
  /** Query with its question mark, or nothing. */
  search: string;
  body: unknown;
}

/** Passes requests of the page's phones to DFSP APIs, as a channel of theirs. */
@Injectable()
export class PhonesService {
  private readonly lanes = pLimit(AT_ONCE);

  constructor(
    private readonly settings: ConsoleSettings,
    private readonly network: NetworkService,
    private readonly http: RoleHttp,
    private readonly audit: AuditService,
  ) {}

  /**
   * The answer of the DFSP API, whatever its status.
   * @throws ContractError 404 NotFoundError if phones may not do this; 503 ServiceUnavailableError if too many wait;
   * 502 ExternalError
   */
  async passOn({ who, dfsp, method, path, search, body }: PhoneRequest): Promise<RoleAnswer> {
    if (!this.settings.demoNetwork && !this.settings.phones) {
      throw commonError(CommonErrorId.NotFound, { message: 'The phones are switched off' });
    }
    if (!isPhoneRoute(method, path)) throw commonError(CommonErrorId.NotFound);
    const { channel } = this.network.participantOf(dfsp);
    if (channel === undefined) {
      throw commonError(CommonErrorId.NotFound, { message: `The console has no credentials of a channel of ${dfsp}` });
    }
    if (this.lanes.pendingCount >= WAITING_MAX) throw commonError(CommonErrorId.ServiceUnavailable, { retryAfterS: 1 });
    const api = { ...this.network.roleOf('dfsp-api', dfsp), credentials: channel };
    const entry = { who, action: `${method} as a phone`, subject: dfsp, detail: { path } };
    // Before it is sent: whoever acts for a customer is known even if no answer comes.
    if (this.isAudited(method)) await this.audit.addEntry({ ...entry, outcome: 'sent' });
    const answer = await this.lanes(() =>
      this.http.call(api, { method, path: `/${path}${search}`, body, timeoutMs: TIMEOUT_MS }),
    );
    if (this.isAudited(method)) await this.audit.addEntry({ ...entry, outcome: `answered ${answer.status}` });
    return answer;
  }

  /** In the demo network everybody plays the customers, and nobody is anybody. */
  private isAudited(method: string): boolean {
    return method !== 'GET' && !this.settings.demoNetwork;
  }
}
