import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError, RoleLogger } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { type NetworkRole, NetworkService } from '../network/network.service.js';
import { RoleHttp } from '../network/role-http.js';
import { noteMissing } from '../payments/payments.service.js';
import type { DifferenceDto, NetworkReconciliationDto } from './operation.dto.js';
import { OperationService } from './operation.service.js';

/** Parts of `GET /reconciliation/{part}` of a DFSP API. */
const PARTS = ['outgoing', 'incoming', 'invoices', 'notifications', 'quotes', 'limits', 'counters'];
const PAGE = 500;
const PAGE_TIMEOUT_MS = 60_000;
const FINDINGS_MAX = 1_000;
/** A run that has not ended by then was ended by a stop of the console. */
const RUN_MAX_MINUTES = 60;

interface FindingJson {
  kind: string;
  paymentId?: string;
  subject?: string;
  found: string;
  cause: string;
  action: string;
}

interface PageJson {
  compared: number;
  differences: FindingJson[];
  open: FindingJson[];
  after: string | null;
}

type Result = Pick<NetworkReconciliationDto, 'differences' | 'open' | 'missing'> & { compared: number };

interface Row {
  state: NetworkReconciliationDto['state'];
  begunBy: string;
  begunAt: Date;
  endedAt: Date | null;
  result: Result | null;
}

/** Compares what the DFSPs keep with the ledgers, by the DFSP APIs' own comparison and the ledgers' invariants. */
@Injectable()
export class NetworkReconciliationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly network: NetworkService,
    private readonly http: RoleHttp,
    private readonly operation: OperationService,
    private readonly logger: RoleLogger,
  ) {}

  async lastRun(): Promise<NetworkReconciliationDto> {
    await this.endLost();
    const [row] = await this.dataSource.query<Row[]>(
      `SELECT begun_by AS "begunBy", begun_at AS "begunAt", ended_at AS "endedAt", state, result
       FROM reconciliations ORDER BY begun_at DESC LIMIT 1`,
    );
    const { differences = [], open = [], missing = [], compared = null } = row?.result ?? {};
    return {
      state: row?.state ?? 'none',
      begunBy: row?.begunBy ?? null,
      begunAt: row?.begunAt.toISOString() ?? null,
      ranAt: row?.endedAt?.toISOString() ?? null,
      compared,
      differences,
      open,
      missing,
    };
  }

  /** Begins a run, which goes on after the answer. @throws ContractError 422 UnprocessableEntityError while one runs */
  async begin(who: string): Promise<NetworkReconciliationDto> {
    await this.endLost();
    const id = randomUUID();
    const begun = await this.dataSource.query<object[]>(
      'INSERT INTO reconciliations (id, begun_by) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id',
      [id, who],
    );
    if (begun.length === 0) {
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'A comparison is running already' });
    }
    void this.run(id);
    return this.lastRun();
  }

  private async run(id: string): Promise<void> {
    try {
      const result = await this.compare();
      await this.end(id, 'done', result);
    } catch (err) {
      this.logger.error({ err }, 'a comparison of the records failed');
      await this.end(id, 'failed', null).catch(() => undefined);
    }
  }

  private async end(id: string, state: string, result: Result | null): Promise<void> {
    await this.dataSource.query('UPDATE reconciliations SET state = $2, result = $3, ended_at = now() WHERE id = $1', [
      id,
      state,
      result === null ? null : JSON.stringify(result),
    ]);
  }

  private async endLost(): Promise<void> {
    await this.dataSource.query(
      `UPDATE reconciliations SET state = 'failed', ended_at = now()
       WHERE state = 'running' AND begun_at < now() - make_interval(mins => ${RUN_MAX_MINUTES})`,
    );
  }

  private async compare(): Promise<Result> {
    const result: Result = { compared: 0, differences: [], open: [], missing: [] };
    const { ledgers, missing } = await this.operation.readInvariants();
    result.missing.push(...missing);
    for (const { ledger, problems } of ledgers) {
      add(
        result.differences,
        problems.map((found) => ({ place: `${ledger} ledger`, ...VIOLATED, what: found, paymentId: null })),
      );
    }
    for (const api of this.network.rolesOfKind('dfsp-api')) {
      await this.compareDfsp(api, result).catch((error) => noteMissing(result.missing, api, error));
    }
    return result;
  }

  private async compareDfsp(api: NetworkRole, result: Result): Promise<void> {
    for (const part of PARTS) {
      for (let after: string | null | undefined; after !== null;) {
        const query = new URLSearchParams({ limit: String(PAGE), ...(after !== undefined && { after }) });
        const path = `/reconciliation/${part}?${query.toString()}`;
        const page: PageJson = await this.http.read(api, { path, timeoutMs: PAGE_TIMEOUT_MS });
        const place = `${api.dfsp} ${part}`;
        result.compared += page.compared;
        add(
          result.differences,
          page.differences.map((found) => differenceOf(place, found)),
        );
        add(
          result.open,
          page.open.map((found) => differenceOf(place, found)),
        );
        ({ after } = page);
      }
    }
  }
}

/** What an invariant that does not hold means. */
const VIOLATED = {
  kind: 'InvariantViolated',
  cause: 'The database of the ledger was changed by hand, or is damaged.',
  todo: 'Stop the ledger, and restore its last backup in which all invariants hold.',
};

function differenceOf(place: string, { kind, subject, found, cause, action, paymentId }: FindingJson): DifferenceDto {
  const what = subject === undefined ? found : `${subject}: ${found}`;
  return { place, kind, what, cause, todo: action, paymentId: paymentId ?? null };
}

function add(list: DifferenceDto[], found: readonly DifferenceDto[]): void {
  list.push(...found.slice(0, Math.max(0, FINDINGS_MAX - list.length)));
}
