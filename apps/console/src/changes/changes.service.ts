import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError } from '@level-one/platform';
import { isRefusal } from '@level-one/work';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';
import type { ConsoleUser } from '../sessions/users.js';
import { ChangeKinds } from './change-kinds.js';
import type { ChangeDto, ChangeKind, ChangesDto, ProposeChangeDto } from './changes.dto.js';

/** Changes that wait for a decision, at most. */
const PROPOSED_MAX = 500;
/** Of one person: others can still propose. */
const PROPOSED_BY_ONE_MAX = 100;
/** How long one attempt has the change for itself, in s. It is longer than a request may take. */
const CLAIM_S = 60;
/** How long an approved change is tried, in hours, and how long a pause between two tries becomes at most, in s. */
const TRIED_HOURS = 24;
const PAUSE_MAX_S = 300;
/** A proposal that nobody has decided on by then is rejected: what it says may not be meant any more. */
export const PROPOSED_DAYS = 7;

const COLUMNS = `id, kind, parameters, state, proposed_by AS "proposedBy", proposed_at AS "proposedAt",
  decided_by AS "decidedBy", decided_at AS "decidedAt", outcome, ended_at AS "endedAt"`;

interface ChangeRow extends Omit<ChangeDto, 'kind' | 'parameters' | 'proposedAt' | 'decidedAt' | 'endedAt'> {
  kind: ChangeKind;
  parameters: Record<string, unknown>;
  proposedAt: Date;
  decidedAt: Date | null;
  endedAt: Date | null;
  isTooOld: boolean;
}

/** Changes that one person proposes and another one approves, carried out once. */
@Injectable()
export class ChangesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly kinds: ChangeKinds,
    private readonly audit: AuditService,
  ) {}

  /** Changes older than `after`, the newest first. */
  async listChanges(limit: number, after: string | undefined): Promise<ChangesDto> {
    const rows = await this.dataSource.query<ChangeRow[]>(
      `SELECT ${COLUMNS} FROM changes
       WHERE $2::uuid IS NULL OR (proposed_at, id) < (SELECT proposed_at, id FROM changes WHERE id = $2)
       ORDER BY proposed_at DESC, id DESC LIMIT $1`,
      [limit + 1, after ?? null],
    );
    const changes = rows.slice(0, limit).map(changeToJson);
    return { changes, next: rows.length > limit ? changes.at(-1)!.id : null };
  }

  /** @throws ContractError as {@link ChangeKinds.prepare}; 429 TooManyRequestsError */
  async propose({ name }: ConsoleUser, { kind, parameters }: ProposeChangeDto): Promise<ChangeDto> {
    const id = randomUUID();
    const prepared = await this.kinds.prepare(id, kind, parameters);
    await this.dataSource.transaction(async (manager) => {
      const [{ count, own }] = await manager.query<[{ count: number; own: number }]>(
        `SELECT count(*)::integer AS count, count(*) FILTER (WHERE proposed_by = $1)::integer AS own
         FROM changes WHERE state = 'proposed'`,
        [name],
      );
      if (count >= PROPOSED_MAX || own >= PROPOSED_BY_ONE_MAX) {
        throw commonError(CommonErrorId.TooManyRequests, { message: 'Too many changes wait for a decision' });
      }
      await manager.query('INSERT INTO changes (id, kind, parameters, proposed_by) VALUES ($1, $2, $3, $4)', [
        id,
        kind,
        JSON.stringify(prepared),
        name,
      ]);
      await this.audit.addEntry(
        { who: name, action: `propose ${kind}`, subject: id, detail: prepared, outcome: 'done' },
        manager,
      );
    });
    return this.changeOf(id);
  }

  /**
   * Approves a change of somebody else, and carries it out. One that the same person has approved already is answered as it
   * is: the answer before may have been lost.
   * @throws ContractError 403 UnauthorizedError for one's own; 404 NotFoundError; 422 UnprocessableEntityError if it is
   * decided already
   */
  async approve(user: ConsoleUser, id: string): Promise<ChangeDto> {
    await this.rejectOld();
    const { proposedBy, kind } = await this.changeOf(id);
    if (proposedBy === user.name) {
      await this.audit.addEntry({ who: user.name, action: `approve ${kind}`, subject: id, outcome: 'refused: own' });
      throw commonError(CommonErrorId.Forbidden, { message: 'Nobody approves a change of his own' });
    }
    await this.decide(user, id, 'approve', kind);
    await this.carryOut(id);
    return this.changeOf(id);
  }

  /** Rejects a change, also one's own; once more, changes nothing. @throws ContractError 404 NotFoundError; 422 UnprocessableEntityError */
  async reject(user: ConsoleUser, id: string): Promise<ChangeDto> {
    const { kind } = await this.changeOf(id);
    await this.decide(user, id, 'reject', kind);
    return this.changeOf(id);
  }

  /** Rejects proposals that nobody has decided on in time. */
  async rejectOld(): Promise<void> {
    await this.dataSource.query(
      `WITH ended AS (
         UPDATE changes SET state = 'rejected', decided_by = 'console', decided_at = now(), outcome = $1
         WHERE state = 'proposed' AND proposed_at < now() - make_interval(days => ${PROPOSED_DAYS})
         RETURNING id, kind
       )
       INSERT INTO audit_entries (who, action, subject, outcome)
       SELECT 'console', 'reject ' || kind, id::text, $1 FROM ended`,
      [`nobody decided in ${PROPOSED_DAYS} days`],
    );
  }

  /** Ids of approved changes that nobody carries out now. */
  async listLeft(): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      `SELECT id FROM changes WHERE state = 'approved' AND (claimed_until IS NULL OR claimed_until < now()) LIMIT 100`,
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Carries out an approved change, unless somebody else does. What was refused has failed; what could not be reached, or
   * has too much to do, is tried again for a day, with growing pauses. After a crash in between the request is sent again, which changes nothing twice.
   */
  async carryOut(id: string): Promise<void> {
    const [[row]] = await this.dataSource.query<[ChangeRow[], number]>(
      `UPDATE changes SET claimed_until = now() + make_interval(secs => ${CLAIM_S}), attempts = attempts + 1
       WHERE id = $1 AND state = 'approved' AND (claimed_until IS NULL OR claimed_until < now())
       RETURNING kind, parameters, decided_at < now() - make_interval(hours => ${TRIED_HOURS}) AS "isTooOld"`,
      [id],
    );
    if (!row) return;
    try {
      await this.kinds.carryOut(row.kind, row.parameters);
      await this.end(id, row.kind, 'done', 'done');
    } catch (error) {
      const reason = (error as Error).message;
      if (isRefusal(error) || row.isTooOld) await this.end(id, row.kind, 'failed', reason);
      else await this.tryLater(id, reason);
    }
  }

  private async tryLater(id: string, reason: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE changes SET outcome = $2,
         claimed_until = now() + make_interval(secs => least(${PAUSE_MAX_S}, power(2, least(attempts, 10))))
       WHERE id = $1`,
      [id, reason],
    );
  }

  private async decide({ name }: ConsoleUser, id: string, decision: 'approve' | 'reject', kind: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const [, decided] = await manager.query<[unknown, number]>(
        `UPDATE changes SET state = $3, decided_by = $2, decided_at = now() WHERE id = $1 AND state = 'proposed'`,
        [id, name, decision === 'approve' ? 'approved' : 'rejected'],
      );
      if (decided > 0) {
        await this.audit.addEntry({ who: name, action: `${decision} ${kind}`, subject: id, outcome: 'done' }, manager);
        return;
      }
      const { state, decidedBy } = await this.changeOf(id);
      if (decidedBy === name && (state === 'rejected') === (decision === 'reject')) return;
      throw commonError(CommonErrorId.UnprocessableEntity, { message: 'It is decided already' });
    });
  }

  private async end(id: string, kind: string, state: string, outcome: string): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      await manager.query('UPDATE changes SET state = $2, outcome = $3, ended_at = now() WHERE id = $1', [
        id,
        state,
        outcome,
      ]);
      await this.audit.addEntry({ who: 'console', action: `carry out ${kind}`, subject: id, outcome }, manager);
    });
  }

  private async changeOf(id: string): Promise<ChangeDto> {
    const [row] = await this.dataSource.query<ChangeRow[]>(`SELECT ${COLUMNS} FROM changes WHERE id = $1`, [id]);
    if (!row) throw commonError(CommonErrorId.NotFound, { message: 'There is no such change' });
    return changeToJson(row);
  }
}

function changeToJson({ proposedAt, decidedAt, endedAt, ...row }: ChangeRow): ChangeDto {
  return {
    ...row,
    proposedAt: proposedAt.toISOString(),
    decidedAt: decidedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  };
}
