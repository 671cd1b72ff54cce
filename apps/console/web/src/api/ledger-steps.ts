export interface LedgerAccount {
  name: string;
  balance: string;
  held: string;
}

/** What an account may spend of its balance: without what is held. Exact, as text. */
export function availableOf({ balance, held }: Pick<LedgerAccount, 'balance' | 'held'>): string {
  const scale = Math.max(...[balance, held].map((amount) => amount.split('.')[1]?.length ?? 0));
  const minor = (amount: string) => {
    const [whole = '0', fraction = ''] = amount.split('.');
    return BigInt(whole + fraction.padEnd(scale, '0'));
  };
  const available = minor(balance) - minor(held);
  const digits = String(available < 0n ? -available : available).padStart(scale + 1, '0');
  const [whole, fraction] = [digits.slice(0, digits.length - scale), digits.slice(digits.length - scale)];
  return `${available < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${fraction}`}`;
}

export interface LedgerStep {
  ledger: string;
  accounts: readonly LedgerAccount[];
}

/** Each step is shown at least so long before the next one: a payment takes less time than an eye needs. */
const STEP_SHOWN_MS = 500;
/** While more steps wait, none is shown for its own sake. */
const STEPS_WAITING_MAX = 24;

/** Shows the balances of the ledgers one step after the other. */
export class LedgerSteps {
  private waiting: LedgerStep[] = [];
  private readonly known = new Set<string>();
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly show: (step: LedgerStep) => void) {}

  take(step: LedgerStep): void {
    if (!this.known.has(step.ledger)) {
      this.known.add(step.ledger);
      this.show(step);
      return;
    }
    this.waiting.push(step);
    if (this.timer === undefined) this.showNext();
  }

  private showNext(): void {
    this.timer = undefined;
    while (this.waiting.length > STEPS_WAITING_MAX) this.show(this.waiting.shift()!);
    const step = this.waiting.shift();
    if (!step) return;
    this.show(step);
    this.timer = setTimeout(() => this.showNext(), STEP_SHOWN_MS);
  }
}
