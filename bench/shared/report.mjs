// @ts-check
/** Prints tables, and writes results. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export const RESULTS = join(dirname(import.meta.dirname), 'results');

/** @typedef {{ title: string, width: number, value: (row: any) => string | number | null, digits?: number }} Column */

function cell({ width, digits = 0 }, value, isFirst) {
  if (value === null || value === undefined) return '–'.padStart(width);
  if (typeof value === 'string') return isFirst ? value.padEnd(width) : value.padStart(width);
  const text = value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return text.padStart(width);
}

/** Prints a table row by row, as the rows come. */
export class Table {
  /** @param {Column[]} columns */
  constructor(title, columns) {
    this.columns = columns;
    process.stdout.write(`\n${title}\n`);
    this.#line(columns.map((column, index) => cell(column, column.title, index === 0)));
    this.#line(columns.map(({ width }) => '-'.repeat(width)));
  }

  /** Prints a row and returns it. */
  add(row) {
    this.#line(this.columns.map((column, index) => cell(column, column.value(row), index === 0)));
    return row;
  }

  #line(cells) {
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  }
}

/** @type {Column[]} */
const LATENCY_COLUMNS = [
  { title: 'p50 ms', width: 8, digits: 2, value: ({ latency }) => latency.p50 },
  { title: 'p95 ms', width: 8, digits: 2, value: ({ latency }) => latency.p95 },
  { title: 'p99 ms', width: 8, digits: 2, value: ({ latency }) => latency.p99 },
];

/** @type {Column[]} */
const COST_COLUMNS = [
  { title: 'server ms', width: 9, digits: 3, value: ({ costs }) => costs.serverCpuMs },
  { title: 'pg ms', width: 7, digits: 3, value: ({ costs }) => costs.postgresCpuMs },
  { title: 'client ms', width: 9, digits: 3, value: ({ costs }) => costs.clientCpuMs },
  { title: 'trips', width: 6, digits: 2, value: ({ costs }) => costs.roundTrips },
  { title: 'statements', width: 10, digits: 2, value: ({ costs }) => costs.statements },
  { title: 'commits', width: 7, digits: 3, value: ({ costs }) => costs.commits },
  { title: 'writes', width: 7, digits: 3, value: ({ costs }) => costs.writes },
  { title: 'WAL bytes', width: 9, value: ({ costs }) => costs.walBytes },
  { title: 'others %', width: 8, value: ({ othersShare }) => othersShare * 100 },
];

/**
 * A table of measured lines: pairs or payments per second, and costs of each.
 * @param {string} title
 * @param {Column[]} first columns that describe the line
 * @param {Omit<Column, 'value'>} rate title and width of the column of the rate
 */
export function loadTable(title, first, rate = { title: 'pairs/s', width: 8 }) {
  /** @type {Column} */
  const rateColumn = { ...rate, value: ({ perSecond }) => perSecond };
  return new Table(title, [...first, rateColumn, ...LATENCY_COLUMNS, ...COST_COLUMNS]);
}

/** Prints one line. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Writes results as JSON. @returns {Promise<string>} the file */
export async function writeResults(name, results) {
  await mkdir(RESULTS, { recursive: true });
  const file = join(RESULTS, `${name}.json`);
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}

/** Time of this run, for file names. */
export function stampOf(date) {
  return date.toISOString().slice(0, 19).replaceAll(':', '-');
}
