import type { Contract, JsonSchema } from '../contract/documents.js';
import type { RoleName } from '@level-one/platform';

/** A body that is wrong in one member. */
export interface Mistake {
  member: string;
  /** Goes after "a body": `without \`memo\`` */
  words: string;
  body: Record<string, unknown>;
}

const UUID_MEMBERS = /^(paymentId|paymentid|transferId)$/;
const AMOUNT_MEMBERS = /^(amount|destinationAmount|sourceAmount)$/;

/** Bodies that are wrong in one respect each, as the schema of the route says; amounts and ids by their names. */
export function mistakesIn(
  contract: Contract,
  { role, route }: { role: RoleName; route: string },
  good: Record<string, unknown>,
  lenient: readonly string[] = [],
): Mistake[] {
  const schema = contract.bodySchema(role, route);
  if (!schema) return [];
  const members = membersOf(contract, role, schema);
  const candidates = Object.keys(good)
    .filter((member) => !lenient.includes(member))
    .flatMap((member) => mistakesOf(member, members[member] ?? {}, good));
  return candidates.filter(({ body, member }) => isWrong(contract, { role, route }, body, member));
}

function isWrong(
  contract: Contract,
  { role, route }: { role: RoleName; route: string },
  body: Record<string, unknown>,
  member: string,
): boolean {
  const value = body[member];
  if (typeof value === 'string' && (UUID_MEMBERS.test(member) || AMOUNT_MEMBERS.test(member))) return true;
  return contract.errorsOfRequest(role, route, body).length > 0;
}

function mistakesOf(member: string, schema: JsonSchema, good: Record<string, unknown>): Mistake[] {
  const { [member]: value, ...others } = good;
  const changed = (words: string, to: unknown): Mistake => ({ member, words, body: { ...good, [member]: to } });
  const mistakes = [changed(`whose \`${member}\` is an object`, { wrong: true })];
  if (typeof value === 'object') mistakes[0] = changed(`whose \`${member}\` is a text`, 'wrong');
  if (schema.default === undefined) mistakes.unshift({ member, words: `without \`${member}\``, body: others });
  if (schema.maxLength !== undefined) {
    mistakes.push(
      changed(`whose \`${member}\` has ${schema.maxLength + 1} characters`, 'x'.repeat(schema.maxLength + 1)),
    );
  }
  if (schema.enum !== undefined) mistakes.push(changed(`whose \`${member}\` is an unknown word`, 'nonsense'));
  if (UUID_MEMBERS.test(member)) mistakes.push(changed(`whose \`${member}\` is no UUID`, 'not-a-uuid'));
  if (AMOUNT_MEMBERS.test(member) && typeof value === 'string') {
    mistakes.push(changed(`whose \`${member}\` is no number`, 'ten'));
  }
  return mistakes;
}

/** Members of a schema, those of its alternatives and parts included. */
function membersOf(contract: Contract, role: RoleName, schema: JsonSchema): Record<string, JsonSchema> {
  const parts = [...(schema.allOf ?? []), ...(schema.oneOf ?? [])].map((part) => contract.resolve(role, part));
  return Object.assign({}, ...parts.map((part) => membersOf(contract, role, part)), schema.properties);
}
