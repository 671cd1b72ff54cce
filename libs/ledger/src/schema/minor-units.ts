/** Column of amounts: `bigint` here, and text where PostgreSQL's driver hands it over. */
export const minorUnits = {
  from: (text: string | null): bigint | null => (text === null ? null : BigInt(text)),
  to: (value: bigint | null | undefined): string | null => value?.toString() ?? null,
};
