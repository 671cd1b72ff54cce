import { type EntityManager, type EntityTarget, In, type ObjectLiteral, type QueryDeepPartialEntity } from 'typeorm';

/** Condition for due rows of an entity. */
export interface Due<E> {
  /** SQL condition on columns of the table, with `:name` for parameters. */
  where: string;
  parameters?: Record<string, unknown>;
  /** Member with the time since when a row is due; the longest due rows come first. */
  since: keyof E & string;
  /** Maximum of rows per call. */
  limit: number;
}

/**
 * Takes due rows. `lease` is an update after which they no longer match `where`, so that no other worker takes them;
 * when the lease ends they are due again, so that a crash loses none. Rows locked by another worker are skipped.
 */
export async function takeDue<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  { lease, ...due }: Due<E> & { lease: QueryDeepPartialEntity<E> },
): Promise<E[]> {
  const key = keyOf(manager, entity);
  const rows = await changeDue(manager, entity, { ...due, changes: lease, returning: [key] });
  const keys = rows.map((row) => row[key]);
  return keys.length === 0 ? [] : manager.findBy(entity, { [key]: In(keys) } as never);
}

/** Changes due rows; rows locked by another worker are skipped. @returns the requested members of the changed rows. */
export async function changeDue<E extends ObjectLiteral, K extends keyof E & string>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  { changes, returning, ...due }: Due<E> & { changes: QueryDeepPartialEntity<E>; returning: K[] },
): Promise<Pick<E, K>[]> {
  const { columns } = manager.connection.getMetadata(entity);
  const result = await manager
    .createQueryBuilder()
    .update(entity)
    .set(changes)
    .where(dueKeys(manager, entity, due), { ...due.parameters, limit: due.limit })
    .returning(returning)
    .execute();
  return (result.raw as Record<string, unknown>[]).map(
    (row) =>
      Object.fromEntries(
        returning.map((name) => {
          const column = columns.find(({ propertyName }) => propertyName === name)!;
          return [name, manager.connection.driver.prepareHydratedValue(row[column.databaseName], column)];
        }),
      ) as Pick<E, K>,
  );
}

/** Deletes due rows. @returns how many. */
export async function deleteDue<E extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntityTarget<E>,
  due: Due<E>,
): Promise<number> {
  const result = await manager
    .createQueryBuilder()
    .delete()
    .from(entity)
    .where(dueKeys(manager, entity, due), { ...due.parameters, limit: due.limit })
    .execute();
  return result.affected ?? 0;
}

function keyOf<E extends ObjectLiteral>(manager: EntityManager, entity: EntityTarget<E>): keyof E & string {
  const [key, ...more] = manager.connection.getMetadata(entity).primaryColumns;
  if (!key || more.length > 0) throw new Error('due rows need a primary key of one column');
  return key.propertyName;
}

function dueKeys<E extends ObjectLiteral>(manager: EntityManager, entity: EntityTarget<E>, due: Due<E>): string {
  const metadata = manager.connection.getMetadata(entity);
  const column = (name: string): string =>
    `"${metadata.columns.find(({ propertyName }) => propertyName === name)!.databaseName}"`;
  const key = column(keyOf(manager, entity));
  // An array is read once. A plan may read `IN (SELECT …)` once per row of the table, and find further rows each time.
  return `${key} = ANY (ARRAY(SELECT ${key} FROM "${metadata.tableName}" WHERE ${due.where}
    ORDER BY ${column(due.since)} LIMIT :limit FOR UPDATE SKIP LOCKED))`;
}
