/** How an ORM keeps minor units: PostgreSQL's driver hands a `bigint` over as text. */
export const minorUnitsColumn = {
  from: (text: string): bigint => BigInt(text),
  to: (value: bigint): string => value.toString(),
};
