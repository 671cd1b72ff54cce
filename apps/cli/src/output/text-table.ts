/** A cell; nothing is shown for undefined and null. */
export type Cell = string | number | undefined | null;

/** Lines of a table: columns as wide as their longest cell, numbers and amounts to the right. */
export function textTable(heads: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const cells = [heads, ...rows].map((row) => heads.map((_, column) => String(row[column] ?? '')));
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const isAmount = heads.map((_, column) => cells.slice(1).every((row) => /^-?[\d.]*$/.test(row[column]!)));
  const padded = (text: string, column: number): string =>
    isAmount[column] && rows.length > 0 ? text.padStart(widths[column]!) : text.padEnd(widths[column]!);
  return cells.map((row) => row.map(padded).join('  ').trimEnd());
}

/** Lines of names and values; members without a value are left out. */
export function textFields(fields: Readonly<Record<string, Cell>>): string[] {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const width = Math.max(...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}
