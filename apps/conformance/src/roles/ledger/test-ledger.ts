import { conditionOf, formatFulfillment } from '@level-one/ilp';
import { randomBytes, randomUUID } from 'node:crypto';
import type { Answer } from '../../system/answer.js';
import type { SystemRequest, SystemUnderTest } from '../../system/system-under-test.js';

const ADMIN = 'admin';
const MINUTE_MS = 60_000;

/** A transfer that was asked for, with what fulfils it. */
export interface AskedTransfer {
  id: string;
  /** Body of the PUT. */
  body: Record<string, any>;
  fulfillment: string;
}

export interface TransferChanges {
  amount?: string;
  /** Life of the transfer (ms); null for a transfer without condition. */
  livesMs?: number | null;
  isAuthorized?: boolean;
}

/** The ledger under test with accounts of its own, opened by the admin over the routes that a set-up uses. */
export class LedgerUnderTest {
  /** Names that no earlier run has used. */
  readonly payer = `payer-${randomUUID().slice(0, 8)}`;
  readonly payee = `payee-${randomUUID().slice(0, 8)}`;
  readonly stranger = `other-${randomUUID().slice(0, 8)}`;
  private isOpen = false;

  constructor(
    readonly system: SystemUnderTest,
    /** Path of the ledger API: `/ledger`. */
    readonly base: string,
  ) {}

  route(request: string): string {
    const [method = '', path = ''] = request.split(' ');
    return `${method} ${this.base}${path}`;
  }

  /** Credentials of an account's owner. */
  ownerOf(name: string): string {
    return `${name}:password-of-${name}`;
  }

  /** Opens the accounts, once. @throws NotConforming if the ledger does not do it */
  async open(): Promise<void> {
    if (this.isOpen) return;
    await this.openAccount(this.payer, '1000.00');
    await this.openAccount(this.payee, '0.00');
    await this.openAccount(this.stranger, '0.00');
    this.isOpen = true;
  }

  async openAccount(name: string, balance: string): Promise<void> {
    const body = { name, password: `password-of-${name}`, balance };
    const request = { as: ADMIN, path: { name }, body };
    (await this.system.ask(this.route('PUT /accounts/{name}'), 'a new account', request)).mustBe({ status: 201 });
  }

  /** A transfer from payer to payee, of 1.00 and with a condition for a minute unless changed. */
  transfer({ amount = '1.00', livesMs = MINUTE_MS, isAuthorized = true }: TransferChanges = {}): AskedTransfer {
    const preimage = randomBytes(32);
    return {
      id: randomUUID(),
      fulfillment: formatFulfillment(preimage),
      body: {
        debits: [{ account: this.payer, amount, ...(isAuthorized && { authorized: true }) }],
        credits: [{ account: this.payee, amount }],
        ...(livesMs !== null && {
          execution_condition: conditionOf(preimage),
          expires_at: new Date(Date.now() + livesMs).toISOString(),
        }),
      },
    };
  }

  /** Prepares a transfer. @throws NotConforming unless it is 201 */
  async prepare(changes: TransferChanges = {}): Promise<AskedTransfer> {
    await this.open();
    const transfer = this.transfer(changes);
    (await this.put(transfer, 'a valid transfer')).mustBe({ status: 201 });
    return transfer;
  }

  put({ id, body }: Pick<AskedTransfer, 'id' | 'body'>, what: string, as = this.ownerOf(this.payer)): Promise<Answer> {
    return this.system.ask(this.route('PUT /transfers/{id}'), what, { as, path: { id }, body });
  }

  read(id: string, what = 'a known transfer', as: string = ADMIN): Promise<Answer> {
    return this.system.ask(this.route('GET /transfers/{id}'), what, { as, path: { id } });
  }

  fulfil(
    { id, fulfillment }: Pick<AskedTransfer, 'id' | 'fulfillment'>,
    what: string,
    as = this.ownerOf(this.payee),
  ): Promise<Answer> {
    const request: SystemRequest = { as, path: { id }, raw: textOf(fulfillment) };
    return this.system.ask(this.route('PUT /transfers/{id}/fulfillment'), what, request);
  }

  reject(id: string, what: string, as = this.ownerOf(this.payee)): Promise<Answer> {
    const request = { as, path: { id }, body: { code: 'F00', name: 'Bad Request', message: 'no' } };
    return this.system.ask(this.route('PUT /transfers/{id}/rejection'), what, request);
  }

  /** Balance of an account, with what it holds for prepared transfers taken off, as the ledger writes it. */
  async balanceOf(name: string): Promise<string> {
    const answer = await this.system.ask(this.route('GET /accounts/{name}'), 'an account, read by the admin', {
      as: ADMIN,
      path: { name },
    });
    return answer.mustBe({ status: 200 }).json.balance;
  }
}

export function textOf(text: string): { text: string; contentType: string } {
  return { text, contentType: 'text/plain' };
}

/** Minor units of an amount with two decimals. */
export function cents(amount: string): bigint {
  const [units = '0', decimals = ''] = amount.replace('-', '').split('.');
  const value = BigInt(units) * 100n + BigInt(decimals.padEnd(2, '0').slice(0, 2));
  return amount.startsWith('-') ? -value : value;
}
