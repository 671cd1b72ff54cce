/** Column transformer for minor units: the driver returns a `bigint` as text. */
export const minorUnitsColumn = {
  from: (text: string): bigint => BigInt(text),
  to: (value: bigint): string => value.toString(),
};

/** Same for nullable columns. */
export const nullableMinorUnitsColumn = {
  from: (text: string | null): bigint | null => (text === null ? null : BigInt(text)),
  to: (value: bigint | null): string | null => value?.toString() ?? null,
};
