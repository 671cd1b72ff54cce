import { expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCUMENTS = join(import.meta.dirname, '../../../docs/openapi');

/** Bodies with the name of a person: one that is taken by any of them goes through all of them. */
const BODIES = ['PutCustomerDto', 'MerchantInvoiceDto', 'PaymentRequestDto'];

interface Document {
  components: { schemas: Record<string, { properties?: Record<string, { maxLength?: number }> }> };
}

const schemas = readdirSync(DOCUMENTS)
  .filter((file) => file.endsWith('.json'))
  .flatMap((file) =>
    Object.entries((JSON.parse(readFileSync(join(DOCUMENTS, file), 'utf8')) as Document).components.schemas),
  );

const lengthsOf = (body: string, field: string): (number | undefined)[] =>
  schemas.filter(([name]) => name === body).map(([, { properties }]) => properties?.[field]?.maxLength);

it('J: every role takes names as long as first and last name of a customer with a space between', () => {
  const [first, last] = ['firstName', 'lastName'].map((part) => lengthsOf('PutCustomerDto', part)[0]!);
  const lengths = BODIES.flatMap((body) => lengthsOf(body, 'name'));
  expect(lengths.length).toBeGreaterThanOrEqual(BODIES.length);
  expect(new Set(lengths)).toEqual(new Set([first! + last! + 1]));
});
