const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** As many of each name are kept, the newest. */
const KEPT = 40;
const LENGTH_MAX = 2_000;
const DEPTH_MAX = 12;
/** Members that say what there is, not how it is: no amounts, times or messages, and no keys. */
const NAMES =
  /^(?!keyId$).*(^id|Id|Url|^name|^account|^address|^condition|[cC]ondition|ulfillment|ulfilment|^ilp|[pP]acket|^token|^shortName|^receiver|^resume|^number)$/;

/** Names under which one thing stands at different roles. */
const SAME_THING = [['id', 'paymentId', 'transferId']];

/** What exists in a network that is fuzzed: values of its answers, by the names of their members. */
export class KnownValues {
  private readonly byName = new Map<string, string[]>();
  private turns = 0;

  /** Keeps what a JSON text tells; anything else is passed over. */
  learn(text: string): void {
    try {
      this.walk(JSON.parse(text), '', 0);
    } catch {
      // No JSON.
    }
  }

  /** Known values for a parameter or member of this name and usual value; ids of any kind stand for each other. */
  inPlaceOf(name: string, usual: unknown): readonly string[] {
    const named = SAME_THING.find((names) => names.includes(name)) ?? [name];
    const there = named.flatMap((one) => this.byName.get(one) ?? []);
    return there.length === 0 && typeof usual === 'string' && UUID.test(usual) ? (this.byName.get('') ?? []) : there;
  }

  /** A copy of a body in which about half of the values that can be replaced by known ones are. */
  filledInto(body: unknown, name = ''): unknown {
    if (Array.isArray(body)) return body.map((one) => this.filledInto(one, name));
    if (typeof body === 'object' && body !== null) {
      return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, this.filledInto(value, key)]));
    }
    const there = typeof body === 'string' ? this.inPlaceOf(name, body) : [];
    this.turns += 1;
    return there.length === 0 || this.turns % 2 === 0 ? body : there[Math.floor(this.turns / 2) % there.length];
  }

  private walk(value: unknown, name: string, depth: number): void {
    if (depth > DEPTH_MAX) return;
    if (typeof value === 'string') {
      this.keep(name, value);
      return;
    }
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) this.walk(member, Array.isArray(value) ? name : key, depth + 1);
  }

  private keep(name: string, value: string): void {
    if (!NAMES.test(name) || value.length > LENGTH_MAX) return;
    for (const key of UUID.test(value) ? [name, ''] : [name]) {
      const kept = this.byName.get(key) ?? [];
      if (!kept.includes(value)) this.byName.set(key, [...kept, value].slice(-KEPT));
    }
  }
}
