import { Injectable } from '@nestjs/common';
import { DataSource, type EntityTarget, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import { CommonErrorId, commonError } from '@level-one/platform';
import { microsSql, timeOfSql } from '@level-one/work';
import { DfspApiSettings } from '../dfsp-api.settings.js';

/** Members of every query of a list. */
export interface ListQuery {
  from?: string;
  to?: string;
  limit: string;
  after?: string;
}

/** The last entry of a page. Entries are in the order of time and id, newest first. */
export interface Cursor {
  /** Microseconds since 1970, as PostgreSQL keeps them. */
  micros: string;
  id: string;
  side?: string | undefined;
}

/** A page: its entries, and the URL of the next page, or null on the last one. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

/** How a list of an entity is read. */
export interface List<E> {
  entity: EntityTarget<E>;
  /** Path of the route, for `next`. */
  path: string;
  /** Member with the key of a row. */
  key: keyof E & string;
  /** Adds the filters; the alias of the entity is `row`. */
  filter: (query: SelectQueryBuilder<E & ObjectLiteral>) => unknown;
}

/** Reads lists in pages. A page begins after the last entry of the page before, whatever was added meanwhile. */
@Injectable()
export class RecordLists {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: DfspApiSettings,
  ) {}

  /** A page of an entity with the member `createdAt`. */
  async page<E extends ObjectLiteral & { createdAt: Date }>(list: List<E>, query: ListQuery): Promise<Page<E>> {
    const { entity, key, filter, path } = list;
    const metadata = this.dataSource.getMetadata(entity);
    const idType = metadata.findColumnWithPropertyName(key)!.type as string;
    const select = this.dataSource
      .createQueryBuilder(entity, 'row')
      .addSelect(microsSql('row.created_at'), 'micros')
      .orderBy('row.createdAt', 'DESC')
      .addOrderBy(`row.${key}`, 'DESC')
      .limit(Number(query.limit) + 1);
    filter(select);
    if (query.from !== undefined) select.andWhere('row.createdAt >= :from', { from: new Date(query.from) });
    if (query.to !== undefined) select.andWhere('row.createdAt < :to', { to: new Date(query.to) });
    if (query.after !== undefined) {
      const { micros, id } = readCursor(query.after, idType);
      select.andWhere(`(row.created_at, row.${key}) < (${timeOfSql(':micros')}, CAST(:id AS ${idType}))`, {
        micros,
        id,
      });
    }
    const { entities, raw } = await select.getRawAndEntities<{ micros: string }>();
    const cursors = entities.map((one, index) => ({ micros: raw[index]!.micros, id: String(one[key]) }));
    return this.pageOf(entities, cursors, { path, query });
  }

  /** A page of rows that were read with one more than its limit. */
  pageOf<Row>(
    rows: readonly Row[],
    cursors: readonly Cursor[],
    { path, query }: { path: string; query: ListQuery },
  ): Page<Row> {
    const limit = Number(query.limit);
    const last = cursors[limit - 1];
    if (rows.length <= limit || !last) return { rows: [...rows], next: null };
    const given = Object.entries({ ...query, after: cursorText(last) }).filter(([, value]) => value !== undefined);
    const parameters = new URLSearchParams(given);
    return { rows: rows.slice(0, limit), next: `${this.settings.publicUrl}/v1/${path}?${parameters.toString()}` };
  }
}

function cursorText({ micros, id, side }: Cursor): string {
  return [micros, id, ...(side === undefined ? [] : [side])].join('.');
}

const ID_FORMS: Readonly<Record<string, RegExp>> = {
  uuid: /^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$/,
  bigint: /^\d{1,18}$/,
};

/** @throws ContractError 400 InvalidUriParameterError if it is of another list */
export function readCursor(after: string, idType: string): Cursor {
  const [micros = '', id = '', side] = after.split('.');
  if (!ID_FORMS[idType]!.test(id)) {
    throw commonError(CommonErrorId.InvalidUriParameter, {
      message: 'after must be from `next` of a page of this list',
    });
  }
  return { micros, id, side };
}
