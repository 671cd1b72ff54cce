import { createHash } from 'node:crypto';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource, type EntityManager, type EntityMetadata, type EntityTarget, type ObjectLiteral } from 'typeorm';
import type { ClientBase } from 'pg';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { accessOf } from './database/index.js';
import { DatabaseConnection } from './database-connection.js';

/** Connections of an instance for hot statements. On each, a statement need not wait for the one before to be sent. */
const CONNECTIONS = 2;

type Run<Row> = (...values: unknown[]) => Promise<Row[]>;

interface HotConnection {
  connection: DatabaseConnection;
  /** Statements without an answer. */
  underWay: number;
}

function leastBusy(connections: readonly HotConnection[]): HotConnection {
  return connections.reduce((one, other) => (other.underWay < one.underWay ? other : one));
}

/** A statement of the hot path: its parameters in the order of their numbers, its rows as entities. */
export interface HotQuery<Row> extends Run<Row> {
  /** The same statement as a part of a transaction, if one is given. */
  within(transaction: EntityManager | undefined): Run<Row>;
}

/**
 * Runs statements that every payment needs. They are prepared once on each connection, and sent one behind the other
 * without waiting for answers. Each is a transaction of its own, or takes part in one of TypeORM's.
 *
 * Everything else goes through TypeORM, which describes and migrates the tables.
 */
@Injectable()
export class HotStatements implements OnApplicationShutdown {
  private readonly connections: HotConnection[];

  constructor(private readonly dataSource: DataSource) {
    this.connections = Array.from({ length: CONNECTIONS }, () => ({
      connection: new DatabaseConnection(dataSource),
      underWay: 0,
    }));
  }

  /** Statements without an answer. */
  get underWay(): number {
    return this.connections.reduce((sum, { underWay }) => sum + underWay, 0);
  }

  /** The table of an entity, with names of columns from its metadata. */
  tableOf<E extends ObjectLiteral>(entity: EntityTarget<E>): HotTable<E> {
    return new HotTable(this, this.dataSource.getMetadata(entity));
  }

  /** @param text one statement. @throws Error of the driver */
  prepare<Row>(text: string): HotQuery<Row> {
    const name = createHash('md5').update(text).digest('hex');
    const run: Run<Row> = async (...values) => {
      const least = this.chooseConnection();
      least.underWay += 1;
      try {
        const session = await least.connection.openSession();
        const [rows] = await session.send({ name, text, values });
        return rows as Row[];
      } finally {
        least.underWay -= 1;
      }
    };
    const within = (transaction: EntityManager | undefined): Run<Row> => {
      const runner = transaction?.queryRunner;
      if (!runner) return run;
      return async (...values) => {
        const client = (await runner.connect()) as ClientBase;
        return (await client.query({ name, text, values })).rows as Row[];
      };
    };
    return Object.assign(run, { within });
  }

  /**
   * The one with least to do. One that is not open is opened beside the work of an open one, and not at all while the
   * database has no connection left for it.
   */
  private chooseConnection(): HotConnection {
    const { connections } = this;
    const least = leastBusy(connections);
    if (least.connection.isOpen) return least;
    const { isFull } = accessOf(this.dataSource);
    const open = connections.filter(({ connection }) => connection.isOpen);
    if (open.length > 0 && !isFull) least.connection.openSession(false).catch(() => undefined);
    if (open.length > 0) return leastBusy(open);
    // All statements that come first ask for the same connection: the others are opened when there is one.
    return connections[0]!;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.connections.map(({ connection }) => connection.close()));
  }
}

/** Prepared statements on the table of an entity without relations. */
export class HotTable<E extends ObjectLiteral> {
  /** `"column" AS "property", …` of all columns that are read with a row, without the name of the table. */
  readonly columns: string;
  /** The columns of a new row, as properties; without those that the database sets. */
  readonly properties: readonly (keyof E & string)[];

  constructor(
    private readonly statements: HotStatements,
    private readonly metadata: EntityMetadata,
  ) {
    this.properties = metadata.columns.filter(({ isInsert }) => isInsert).map(({ propertyName }) => propertyName);
    this.columns = metadata.columns
      .filter(({ isSelect }) => isSelect)
      .map(({ databaseName, propertyName }) => `"${databaseName}" AS "${propertyName}"`)
      .join(', ');
  }

  /** `SELECT` of whole rows. @param rest from `WHERE` on */
  select(rest: string): HotQuery<E> {
    return this.query(`SELECT {columns} FROM {table} ${rest}`);
  }

  /** A statement that answers whole rows. @param sql with `{table}` and, as what it answers, `{columns}` */
  query<Further extends object = object>(sql: string): HotQuery<E & Further> {
    const query = this.statements.prepare<ObjectLiteral>(this.withNames(sql));
    const entitiesOf =
      (run: Run<ObjectLiteral>) =>
      async (...values: unknown[]) =>
        (await run(...values)).map((row) => this.entityOf<Further>(row));
    return Object.assign(entitiesOf(query), {
      within: (transaction: EntityManager | undefined) => entitiesOf(query.within(transaction)),
    });
  }

  /** Inserts a whole row unless another one has its key; answers whether it did. */
  insertNew(): (row: E, within?: EntityManager) => Promise<boolean> {
    const insert = this.statements.prepare(this.insertion(this.properties));
    return async (row, within) => (await insert.within(within)(...this.valuesOf(row, this.properties))).length === 1;
  }

  /**
   * As {@link insertNew}, and calls SQL functions with a new row.
   *
   * @param calls see {@link inOrder}. They see the columns of the row; `{1}`, `{2}` … are the further values.
   */
  insertNewWith(...calls: readonly string[]): (row: E, ...further: unknown[]) => Promise<boolean> {
    const { properties } = this;
    const insert = this.statements.prepare(`
      WITH new AS (${this.insertion(properties)})
      SELECT ${placed(inOrder(calls), properties.length)} FROM new`);
    return async (row, ...further) => (await insert(...this.valuesOf(row, properties), ...further)).length === 1;
  }

  /**
   * Inserts a row, or finds the one that was there first, in one statement.
   *
   * @param properties which are given, in the order of the values
   * @param key properties of a unique key, which are among the given ones
   * @param calls with a new row, as of {@link insertNewWith}
   */
  insertOrFind(
    properties: readonly (keyof E & string)[],
    key: readonly (keyof E & string)[],
    ...calls: readonly string[]
  ): (row: Partial<E>, ...further: unknown[]) => Promise<{ row: E; isNew: boolean }> {
    const hasKey = (numbers: readonly string[]): string =>
      `WHERE ${key.map((name) => `"${this.columnOf(name).databaseName}" = $${numbers.indexOf(name) + 1}`).join(' AND ')}`;
    const insert = this.query<{ isNew: boolean }>(`
      WITH new AS (${this.insertion(properties)})
      SELECT {columns}, ${placed(inOrder(calls), properties.length)} AS "isNew" FROM new
      UNION ALL SELECT {columns}, false FROM {table} ${hasKey(properties)} AND NOT EXISTS (SELECT FROM new)`);
    const find = this.select(hasKey(key));
    return async (row, ...further) => {
      const [kept] = await insert(...this.valuesOf(row, properties), ...further);
      if (kept) {
        const { isNew, ...entity } = kept;
        return { row: Object.assign(this.newEntity(), entity as unknown as E), isNew };
      }
      // It was inserted elsewhere after this statement had begun, so that only the next one sees it.
      const [first] = await find(...this.valuesOf(row, key));
      if (!first) throw new Error(`A row of ${this.metadata.tableName} conflicts with another one than its key's`);
      return { row: first, isNew: false };
    };
  }

  /**
   * Changes several rows in one statement, each to values of its own; answers for each whether it was changed. Rows are
   * locked in the order of their keys.
   *
   * @param key property of the primary key
   * @param properties which are changed
   * @param condition in SQL on a row of `{table}` and its new values, `given`
   */
  updateEach(
    key: keyof E & string,
    properties: readonly (keyof E & string)[],
    condition: string,
  ): (rows: readonly Partial<E>[]) => Promise<boolean[]> {
    const given = [key, ...properties].map((property) => this.columnOf(property));
    const id = `"${this.columnOf(key).databaseName}"`;
    const changes = given.slice(1).map(({ databaseName }) => `"${databaseName}" = given."${databaseName}"`);
    const update = this.statements.prepare<{ key: unknown }>(
      this.withNames(`
        WITH given AS MATERIALIZED (SELECT * FROM ${recordsOf(given)}),
        taken AS MATERIALIZED (
          SELECT {table}.${id} FROM {table} JOIN given USING (${id}) WHERE ${condition}
          ORDER BY 1 FOR NO KEY UPDATE OF {table}
        )
        UPDATE {table} SET ${changes.join(', ')} FROM taken JOIN given USING (${id})
        WHERE {table}.${id} = taken.${id}
        RETURNING {table}.${id} AS key`),
    );
    return (rows) => this.sendEach(update, given, key, rows);
  }

  /**
   * Inserts several rows in one statement, unless their keys are taken; answers for each whether it was written. Rows are
   * locked in the order of their keys.
   *
   * @param key property of the primary key, which is among the given ones
   * @param properties which are given
   * @param change what is changed in a row that is there: properties, and a condition in SQL on the row `kept` and its new
   *   values, `excluded`
   */
  insertEach(
    key: keyof E & string,
    properties: readonly (keyof E & string)[],
    change?: { properties: readonly (keyof E & string)[]; condition: string },
  ): (rows: readonly Partial<E>[]) => Promise<boolean[]> {
    const given = properties.map((property) => this.columnOf(property));
    const id = this.namesOf([key]);
    const changes = change?.properties.map(
      (property) => `${this.namesOf([property])} = excluded.${this.namesOf([property])}`,
    );
    const insert = this.statements.prepare<{ key: unknown }>(
      this.withNames(`
        INSERT INTO {table} AS kept (${this.namesOf(properties)})
        SELECT ${this.namesOf(properties)} FROM ${recordsOf(given)} ORDER BY ${id}
        ON CONFLICT (${id}) DO ${changes ? `UPDATE SET ${changes.join(', ')} WHERE ${change!.condition}` : 'NOTHING'}
        RETURNING kept.${id} AS key`),
    );
    return (rows) => this.sendEach(insert, given, key, rows);
  }

  /** `"column", …` of properties. */
  namesOf(properties: readonly (keyof E & string)[]): string {
    return properties.map((property) => `"${this.columnOf(property).databaseName}"`).join(', ');
  }

  /** Values of properties as the database takes them. */
  valuesOf(row: Partial<E>, properties: readonly (keyof E & string)[]): unknown[] {
    return properties.map((property) => toDatabase(this.columnOf(property), row[property]));
  }

  /** Sends rows to a statement that answers the keys of those it has written. */
  private async sendEach(
    statement: HotQuery<{ key: unknown }>,
    given: readonly ColumnMetadata[],
    key: keyof E & string,
    rows: readonly Partial<E>[],
  ): Promise<boolean[]> {
    const values = rows.map((row) =>
      Object.fromEntries(given.map((column) => [column.databaseName, inJson(column, row)])),
    );
    const written = new Set((await statement(JSON.stringify(values))).map((row) => row.key));
    return rows.map((row) => written.has(row[key]));
  }

  /** Inserts a row with these values, unless its key is taken. */
  private insertion(properties: readonly (keyof E & string)[]): string {
    return this.withNames(
      `INSERT INTO {table} (${this.namesOf(properties)}) VALUES (${parametersOf(properties)})
       ON CONFLICT DO NOTHING RETURNING *`,
    );
  }

  private withNames(sql: string): string {
    return sql.replaceAll('{columns}', this.columns).replaceAll('{table}', `"${this.metadata.tableName}"`);
  }

  private columnOf(property: string): ColumnMetadata {
    const column = this.metadata.findColumnWithPropertyName(property);
    if (!column) throw new Error(`${this.metadata.name} has no column ${property}`);
    return column;
  }

  private entityOf<Further>(row: ObjectLiteral): E & Further {
    const entity = Object.assign(this.newEntity(), row);
    for (const { propertyName, transformer } of this.metadata.columns) {
      if (transformer) Object.assign(entity, { [propertyName]: transformed(transformer, 'from', row[propertyName]) });
    }
    return entity as E & Further;
  }

  private newEntity(): E {
    const { target } = this.metadata;
    return (typeof target === 'function' ? Object.create(target.prototype as object) : {}) as E;
  }
}

/**
 * Calls SQL functions that answer true, one after the other: what belongs to a move, in the statement that makes it.
 * Each sees what was committed when it is called, also what was waited for until then. One that refuses raises an error,
 * and undoes the whole statement.
 */
export function inOrder(calls: readonly string[]): string {
  // Only CASE promises the order of evaluation.
  return calls.reduceRight((next, call) => `CASE WHEN ${call} THEN ${next} END`, 'true');
}

/** Numbers `{1}`, `{2}` … as parameters after the first `count`. */
function placed(sql: string, count: number): string {
  return sql.replaceAll(/\{(\d+)\}/g, (_place, further: string) => `$${count + Number(further)}`);
}

/** `$1, $2, …`, one for each value; from another number on with `first`. */
export function parametersOf(values: readonly unknown[], first = 1): string {
  return values.map((_, index) => `$${first + index}`).join(', ');
}

/** Rows of these columns out of the JSON text in `$1`, as `given`. */
function recordsOf(columns: readonly ColumnMetadata[]): string {
  const types = columns.map(({ databaseName, type }) => `"${databaseName}" ${String(type)}`);
  return `json_to_recordset($1) AS given (${types.join(', ')})`;
}

function toDatabase(column: ColumnMetadata, value: unknown): unknown {
  const plain = plainOf(column, value);
  // The driver would send a list as an array of PostgreSQL.
  return plain !== null && plain !== undefined && isJson(column) ? JSON.stringify(plain) : plain;
}

/** A value of a row as a member of a JSON text. */
function inJson(column: ColumnMetadata, row: ObjectLiteral): unknown {
  const plain = plainOf(column, row[column.propertyName]);
  return typeof plain === 'bigint' ? String(plain) : plain;
}

function plainOf({ transformer }: ColumnMetadata, value: unknown): unknown {
  return transformer ? transformed(transformer, 'to', value) : value;
}

function isJson({ type }: ColumnMetadata): boolean {
  return type === 'json' || type === 'jsonb';
}

function transformed(
  transformer: NonNullable<ColumnMetadata['transformer']>,
  way: 'from' | 'to',
  value: unknown,
): unknown {
  return [transformer].flat().reduce((before, one) => one[way](before) as unknown, value);
}
