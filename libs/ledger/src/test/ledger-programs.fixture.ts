import fc from 'fast-check';
import {
  intents,
  OF_ALL_KINDS,
  OF_RACES,
  OPENED,
  openings,
  PUTS,
  resolve,
  templates,
  ticks,
} from './ledger-operations.fixture.js';
import type { AccountOperation, Operation } from './ledger-rules.fixture.js';

/** Operations submitted at the same moment, after a wait. */
export interface Chunk {
  wait: number;
  sweep: boolean;
  operations: readonly Operation[];
}

export type SequentialProgram = readonly Chunk[];

/** Each writer submits its chunks to its instance one after the other, in parallel with the other writers. */
export interface Writer {
  instance: number;
  chunks: readonly (readonly (Operation | Sweep)[])[];
}

export interface Sweep {
  kind: 'sweep';
}

export interface ParallelProgram {
  opening: readonly AccountOperation[];
  writers: readonly Writer[];
}

export function sequentialPrograms(): fc.Arbitrary<SequentialProgram> {
  const chunk = fc.record({
    wait: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: ticks(1, 2) }),
    sweep: fc.boolean(),
    operations: fc.array(intents(OF_ALL_KINDS), { minLength: 1, maxLength: 64, size: 'max' }),
  });
  return fc
    .record({
      all: templates(ticks(1, 6)),
      opening: fc.tuple(...OPENED.map((account) => openings(account, fc.bigInt(-20n, 60n)))),
      // Otherwise most of the first operations would name unknown transfers.
      first: fc.array(PUTS, { maxLength: 12, size: 'max' }),
      chunks: fc.array(chunk, { minLength: 2, maxLength: 6, size: 'max' }),
    })
    .map(({ all, opening, first, chunks }) =>
      printable([
        { wait: 0, sweep: false, operations: [...opening, ...first.map(resolve(all))] },
        ...chunks.map(({ operations, ...rest }) => ({ ...rest, operations: operations.map(resolve(all)) })),
      ]),
    );
}

/** Floors are never changed, so that the log can be checked against them. */
export function parallelPrograms(instances: number): fc.Arbitrary<ParallelProgram> {
  const operations = fc.oneof(
    { weight: 12, arbitrary: intents(OF_RACES) },
    { weight: 1, arbitrary: fc.constant<Sweep>({ kind: 'sweep' }) },
  );
  const chunk = fc.array(operations, { minLength: 1, maxLength: 16, size: 'max' });
  const writer = fc.record({
    instance: fc.nat(instances - 1),
    first: fc.array(PUTS, { maxLength: 6, size: 'max' }),
    chunks: fc.array(chunk, { minLength: 1, maxLength: 6, size: 'max' }),
  });
  return fc
    .record({
      // Most of them expire during the program, which takes some tens of milliseconds.
      all: templates(fc.integer({ min: 5, max: 150 })),
      opening: fc.tuple(...OPENED.map((account) => openings(account, fc.bigInt(0n, 60n)))),
      writers: fc.array(writer, { minLength: 4, maxLength: 8, size: 'max' }),
    })
    .map(({ all, opening, writers }) =>
      printable({
        opening,
        writers: writers.map(({ instance, first, chunks }) => ({
          instance,
          chunks: [first, ...chunks].map((some) => some.map((one) => (isSweep(one) ? one : resolve(all)(one)))),
        })),
      }),
    );
}

export function isSweep(operation: { kind: string }): operation is Sweep {
  return operation.kind === 'sweep';
}

/** Makes fast-check print a counterexample with one operation per line. */
function printable<T extends object>(program: T): T {
  return Object.defineProperty(program, fc.toStringMethod, { value: () => `\n${printed(program)}\n` });
}

function printed(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null || 'kind' in value) return `${indent}${textOf(value)}`;
  const lines = Object.entries(value).map(([key, member]) =>
    typeof member === 'object' ? `${indent}${key}:\n${printed(member, `${indent}  `)}` : `${indent}${key}: ${member}`,
  );
  return lines.join('\n');
}

/** An operation or an answer in one line. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? `${member}n` : member)).replace(
    /"(\w+)":/g,
    '$1: ',
  );
}
