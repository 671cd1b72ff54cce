/** How an ORM keeps minor units: PostgreSQL's driver hands a `bigint` over as text. */
export const minorUnitsColumn = {
  from: (text: string): bigint => BigInt(text),
  to: (value: bigint): string => value.toString(),
};

/** The same for columns that may be null. */
export const nullableMinorUnitsColumn = {
  from: (text: string | null): bigint | null => (text === null ? null : BigInt(text)),
  to: (value: bigint | null): string | null => value?.toString() ?? null,
};
