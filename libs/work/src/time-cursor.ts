/** The time of a cursor in SQL. @param micros SQL of microseconds since 1970 */
export function timeOfSql(micros: string): string {
  return `timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond'`;
}

/** The time of a row as in a cursor, in SQL: microseconds since 1970, as PostgreSQL keeps them. */
export function microsSql(column: string): string {
  return `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;
}
