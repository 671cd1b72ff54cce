import type { DataSource } from 'typeorm';

/** Connections of every instance beside its pool: for hot statements, for copies in memory and for changes of them. */
const BESIDE_POOL = 2 + 2 + 1;

/** Most connections that an instance opens. @param further what the role opens beside those of every role */
export function connectionsOf(poolSize: number, further = 0): number {
  return poolSize + BESIDE_POOL + further;
}

interface Limits {
  /** Connections of the server that are not reserved for administrators. */
  ofServer: number;
  /** Limits of the database and of the user; -1 is none. */
  ofDatabase: number;
  ofUser: number;
}

const READ_LIMITS = `
  SELECT datconnlimit AS "ofDatabase", rolconnlimit AS "ofUser",
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - coalesce(current_setting('reserved_connections', true)::int, 0) AS "ofServer"
  FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user`;

/** A line for an operator if the database allows fewer connections than one instance opens at most. */
export async function tooFewConnections(dataSource: DataSource, needed: number): Promise<string | undefined> {
  const [row]: Limits[] = await dataSource.query(READ_LIMITS);
  if (!row) return undefined;
  const allowed = Math.min(row.ofServer, ...[row.ofDatabase, row.ofUser].filter((limit) => limit >= 0));
  if (allowed >= needed) return undefined;
  return (
    `the database allows ${allowed} connections, and this instance opens up to ${needed}: ` +
    'requests may have to wait for one (DATABASE_POOL_SIZE, docs/operate.md)'
  );
}
