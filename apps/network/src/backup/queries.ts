/** A connection in one transaction. */
export interface Queries {
  query<T>(sql: string, values?: unknown[]): Promise<T[]>;
}
