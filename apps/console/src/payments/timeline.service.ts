import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError } from '@level-one/platform';
import { type NetworkRole, NetworkService } from '../network/network.service.js';
import { RoleHttp } from '../network/role-http.js';
import { SpansService } from '../traces/spans.service.js';
import type { MissingPartDto, NetworkTimelineDto } from './payments.dto.js';
import { noteMissing } from './payments.service.js';
import { causalTimeline, type KeptEntry, type KeptPart } from './timeline-order.js';

/** Roles that keep something of a payment. */
const KEEPING = ['dfsp-api', 'spsp-client', 'spsp-server', 'ilp-connector', 'dfsp-ledger', 'central-ledger'] as const;

interface TimelineJson {
  entries: KeptEntry[];
  missing?: { what: string; reason: string }[];
}

/** What happened to a payment, from all roles. */
@Injectable()
export class NetworkTimelineService {
  constructor(
    private readonly network: NetworkService,
    private readonly http: RoleHttp,
    private readonly spans: SpansService,
  ) {}

  /** @throws ContractError 404 NotFoundError if every role answered and nothing is known */
  async timelineOf(paymentId: string): Promise<NetworkTimelineDto> {
    const missing: MissingPartDto[] = [];
    const [spans, ...parts] = await Promise.all([
      this.spans.spansOfPayment(paymentId),
      ...this.network.rolesOfKind(...KEEPING).map((role) => this.readPart(role, paymentId, missing)),
    ]);
    const entries = causalTimeline(spans, parts);
    if (entries.length === 0 && missing.length === 0) {
      throw commonError(CommonErrorId.NotFound, { message: 'Nothing is known of this payment' });
    }
    return { paymentId, entries, missing };
  }

  private async readPart(role: NetworkRole, paymentId: string, missing: MissingPartDto[]): Promise<KeptPart> {
    const read = await this.http
      .read<TimelineJson>(role, `/timeline/${paymentId}`)
      .catch((error) => noteMissing(missing, role, error));
    for (const { what, reason } of read?.missing ?? []) {
      missing.push({ dfsp: role.dfsp, role: role.role, reason: `${what}: ${reason}` });
    }
    return { dfsp: role.dfsp, role: role.role, entries: read?.entries ?? [] };
  }
}
