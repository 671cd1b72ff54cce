import { StartupError } from '@level-one/platform';
import type { FaultRule, Passage } from '@level-one/testing/faults';

/** What a DFSP is asked, and the hops by which it is asked that. */
const STEPS = {
  lookup: ['I.G'],
  notification: ['III.E'],
  invoice: ['row-16'],
  setup: ['S.E', 'S.F'],
  payment: ['row-35'],
  quote: ['Q.2'],
  quotedPayment: ['row-48b'],
} as const;
type Step = keyof typeof STEPS;

/** One rule of the simulated DFSP. The first rule that fits decides; what no rule fits, the real role answers. */
export interface SimulatorRule {
  /** Shown in lists. */
  name?: string;
  /** Only while this scenario is on; always unless given. */
  scenario?: string;
  when: {
    at: Step;
    /** A number that the request names: a payer's, a payee's or a customer's. */
    number?: string;
    /** An amount that the request names, compared as a number: `13` is `13.00`. */
    amount?: string;
    /** Any other text in path or body: an id of an invoice or a payment. */
    contains?: string;
  };
  do:
    | { refuse: { status: number; id: string; message?: string } }
    | { answer: { status: number; body: unknown } }
    | { delayMs: number }
    | { silent: true }
    /** A customer pays or rejects the invoice by itself; only at `notification`. */
    | { pay: { account: string; afterMs?: number } }
    | { reject: { afterMs?: number } };
  /** So many times; for ever unless given. */
  times?: number;
}

const VERBS = ['refuse', 'answer', 'delayMs', 'silent', 'pay', 'reject'];

/** Checks rules from a file or a request. @throws StartupError that says which rule is wrong, and in what */
export function readRules(value: unknown): SimulatorRule[] {
  const rules = Array.isArray(value) ? (value as unknown[]) : [value];
  return rules.map((rule, index) => {
    const wrong = whatIsWrong(rule);
    if (wrong !== undefined) throw new StartupError(`rule ${index + 1}: ${wrong}`);
    return rule as SimulatorRule;
  });
}

function whatIsWrong(rule: unknown): string | undefined {
  if (typeof rule !== 'object' || rule === null) return 'a rule is { "when", "do" }';
  const { when, do: done } = rule as { when?: { at?: string; number?: unknown }; do?: Record<string, unknown> };
  if (!Object.keys(STEPS).includes(when?.at ?? '')) return `when.at is one of ${Object.keys(STEPS).join(', ')}`;
  if (when?.number !== undefined && !/^\w+$/.test(String(when.number))) return 'when.number is a number as text';
  const verbs = Object.keys(done ?? {});
  if (verbs.length !== 1 || !VERBS.includes(verbs[0]!)) return `do has one of ${VERBS.join(', ')}`;
  if (['pay', 'reject'].includes(verbs[0]!) && when?.at !== 'notification')
    return `${verbs[0]} is for "at": "notification"`;
  return undefined;
}

/** A rule that acts on requests as rules of the fault kit, one for each hop; none for customers that act by themselves. */
export function faultRulesOf(rule: SimulatorRule, dfsp: string, isOn: () => boolean): FaultRule[] {
  const { do: done, times } = rule;
  const action = actionOf(done);
  if (!action) return [];
  return STEPS[rule.when.at].map((hop) => ({
    kind: 'request',
    place: `${dfsp}/dfsp-api`,
    hop,
    action,
    fits: (passage: Passage) => isOn() && isMeant(rule, passage),
    ...(times !== undefined && { times }),
  }));
}

function actionOf(done: SimulatorRule['do']): FaultRule['action'] | undefined {
  if ('refuse' in done) {
    const { status, id, message = 'Refused by a rule of the simulator' } = done.refuse;
    return { do: 'answer', status, body: { id, message } };
  }
  if ('answer' in done) return { do: 'answer', ...done.answer };
  if ('delayMs' in done) return { do: 'delay', ms: done.delayMs };
  return 'silent' in done ? { do: 'hang' } : undefined;
}

/** Whether a request is one that the rule means, by its step and the number, amount and text in it. */
export function isMeant({ when }: SimulatorRule, { hop, text }: Passage): boolean {
  if (!(STEPS[when.at] as readonly string[]).includes(hop ?? '')) return false;
  const hasNumber = when.number === undefined || new RegExp(`(?<!\\w)${when.number}(?!\\w)`).test(text);
  return hasNumber && hasAmount(text, when.amount) && (when.contains === undefined || text.includes(when.contains));
}

function hasAmount(text: string, amount: string | undefined): boolean {
  if (amount === undefined) return true;
  return [...text.matchAll(/"(?:amount|destinationAmount)":"?([\d.]+)/g)].some(
    ([, found = '']) => plain(found) === plain(amount),
  );
}

/** Shortest form of a decimal: `13.00` and `13` are `13`. */
function plain(amount: string): string {
  return amount.includes('.') ? amount.replace(/0+$/, '').replace(/\.$/, '') : amount;
}
