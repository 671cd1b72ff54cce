import { Injectable } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import {
  type DfspPlace,
  type Finding,
  findDifferences,
  type Places,
  type RecordsReader,
} from '@level-one/reconciliation';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { ParticipantPlace } from '../network/network-place.js';
import { type NetworkRole, NetworkService } from '../network/network.service.js';
import { RoleHttp } from '../network/role-http.js';
import { noteMissing } from '../payments/payments.service.js';
import type { DifferenceDto, NetworkReconciliationDto } from './operation.dto.js';

/** A page of records may take a ledger some time. */
const PAGE_TIMEOUT_MS = 60_000;
const FINDINGS_MAX = 1_000;
/** A run that has not ended by then was ended by a stop of the console. */
const RUN_MAX_MINUTES = 60;

type Result = Pick<NetworkReconciliationDto, 'differences' | 'open' | 'missing'> & { compared: number };

interface Row {
  state: NetworkReconciliationDto['state'];
  begunBy: string;
  begunAt: Date;
  endedAt: Date | null;
  result: Result | null;
}

/**
 * Compares what the DFSPs keep with the ledgers, the connectors' books and the ledgers' invariants: the same as the command
 * `npm run reconcile`.
 */
@Injectable()
export class NetworkReconciliationService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly network: NetworkService,
    private readonly http: RoleHttp,
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

  /** Begins a run, which goes on after the answer, unless one is running. @returns whether it began, and the run */
  async begin(who: string): Promise<{ hasBegun: boolean; run: NetworkReconciliationDto }> {
    await this.endLost();
    const id = randomUUID();
    const begun = await this.dataSource.query<object[]>(
      'INSERT INTO reconciliations (id, begun_by) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id',
      [id, who],
    );
    const hasBegun = begun.length > 0;
    if (hasBegun) void this.run(id);
    return { hasBegun, run: await this.lastRun() };
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
    const findings = findDifferences(this.places(), {
      from: undefined,
      counted: (count) => {
        result.compared += count;
      },
      unread: ({ dfsp = null, role }, error) => noteMissing(result.missing, { dfsp, role }, error),
    });
    for await (const finding of findings) add(finding.isOpen ? result.open : result.differences, finding);
    return result;
  }

  private places(): Places {
    const ledgers = this.network.ledgers().map(({ role }) => ({
      name: role.name,
      dfsp: role.dfsp ?? undefined,
      reader: this.readerOf(role),
    }));
    return { ledgers, dfsps: this.network.participants.map((participant) => this.placeOf(participant)) };
  }

  /** Of a participant what this console is told of: without the accounts of its connector its books are not compared. */
  private placeOf({ name: dfsp, connectorAccount, centralAccount = dfsp }: ParticipantPlace): DfspPlace {
    const api = this.network.findRole('dfsp-api', dfsp);
    const own = this.network.findRole('dfsp-ledger', dfsp);
    const central = this.network.findRole('central-ledger', null);
    return {
      dfsp,
      ...(api && { api: this.readerOf(api) }),
      ...(own &&
        central &&
        connectorAccount !== undefined && {
          books: {
            own: { reader: this.readerOf(own), account: connectorAccount },
            central: { reader: this.readerOf(central), account: centralAccount },
          },
        }),
    };
  }

  private readerOf(role: NetworkRole): RecordsReader {
    return {
      read: (path) => this.http.read(role, { path, timeoutMs: PAGE_TIMEOUT_MS }),
      find: (path) => this.http.find(role, path),
    };
  }
}

function add(list: DifferenceDto[], finding: Finding): void {
  if (list.length >= FINDINGS_MAX) return;
  const { dfsp, kind, subject, found, cause, action, paymentId = null } = finding;
  const what = subject === undefined ? found : `${subject}: ${found}`;
  list.push({ place: dfsp ?? 'centre', kind, what, cause, todo: action, paymentId });
}
