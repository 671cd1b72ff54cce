import { cutText } from '@level-one/errors';
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { AuditEntryDto, AuditPageDto } from './audit.dto.js';

/** Something that a person did, or tried to do. */
export interface AuditFact {
  who: string;
  action: string;
  subject?: string | null;
  detail?: object;
  /** `done`, or why it was not. */
  outcome: string;
}

interface AuditRow extends Omit<AuditEntryDto, 'at'> {
  at: Date;
}

const TEXT_LENGTH_MAX = 200;

/** The audit log. Entries are only added. */
@Injectable()
export class AuditService {
  constructor(private readonly dataSource: DataSource) {}

  /** @param within the transaction that does what is written down */
  async addEntry(fact: AuditFact, within: Pick<EntityManager, 'query'> = this.dataSource): Promise<void> {
    const { who, action, subject = null, detail = {}, outcome } = fact;
    await within.query(
      'INSERT INTO audit_entries (who, action, subject, detail, outcome) VALUES ($1, $2, $3, $4, $5)',
      [cutText(who, TEXT_LENGTH_MAX), action, subject, JSON.stringify(detail), cutText(outcome, TEXT_LENGTH_MAX)],
    );
  }

  /** Entries before `after`, the newest first. */
  async listEntries(limit: number, after: string | undefined): Promise<AuditPageDto> {
    const rows = await this.dataSource.query<AuditRow[]>(
      `SELECT id::text, at, who, action, subject, detail, outcome FROM audit_entries
       WHERE $2::bigint IS NULL OR id < $2::bigint ORDER BY audit_entries.id DESC LIMIT $1`,
      [limit + 1, after ?? null],
    );
    const entries = rows.slice(0, limit).map((row) => ({ ...row, at: row.at.toISOString() }));
    return { entries, next: rows.length > limit ? entries.at(-1)!.id : null };
  }
}
