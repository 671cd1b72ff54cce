import { ConditionError, fulfills, parseCondition, parseFulfillment } from '@level-one/ilp';
import type { FakePeerAnswer, FakePeerCall } from '@level-one/testing/peers';
import type { RoleName } from '@level-one/platform';
import { playedPath, PlayedRole, refusal } from './play-role.js';
import type { SuiteContext } from '../common/role-suite.js';
import { until } from './until.js';

/** A transfer as a ledger shows it. */
export interface PlayedTransfer {
  id: string;
  ledger: string;
  debits: Entry[];
  credits: Entry[];
  execution_condition?: string;
  expires_at?: string;
  state: 'proposed' | 'prepared' | 'executed' | 'rejected';
  rejection_reason?: string;
  timeline: Record<string, string>;
}

interface Entry {
  account: string;
  amount: string;
  authorized?: boolean;
  memo?: Record<string, unknown>;
  rejected?: boolean;
  rejection_message?: object;
}

/** What the ledger tells of an account. */
type PlayedAccount = { accountType: string; direct_use?: boolean; balance?: string };

/** A ledger that the runner plays: it keeps transfers, checks conditions and sends frames, and has no limits of money. */
export class PlayedLedger extends PlayedRole {
  readonly transfers = new Map<string, PlayedTransfer>();
  /** What happens to a transfer that the system has prepared: the rest of the network. */
  whenPrepared: (id: string) => void = () => undefined;
  private readonly accounts = new Map<string, PlayedAccount>();
  private readonly voided = new Set<string>();
  private readonly base: string;

  constructor(
    private readonly context: Pick<SuiteContext, 'peers' | 'peersUrl' | 'system' | 'slack'>,
    role: RoleName,
  ) {
    super(context.peers, context.system.contract, role);
    this.base = context.system.contract.basePath(role);
    this.serveAll();
  }

  /** Base URL, as the system is told of it. */
  get url(): string {
    return this.context.peersUrl + this.path;
  }

  openAccount(name: string, account: PlayedAccount): void {
    this.accounts.set(name, account);
  }

  accountUri(name: string): string {
    return `${this.url}/accounts/${name}`;
  }

  /** `PUT /transfers/{id}` with the base path of the ledger. */
  route(route: string): string {
    const [method = '', path = ''] = route.split(' ');
    return `${method} ${this.base}${path}`;
  }

  /** What the system sent to a transfer: `''`, `/fulfillment` or `/rejection`. */
  sentTo(id: string, what: '' | '/fulfillment' | '/rejection' | '/charges' | '/void'): FakePeerCall[] {
    const end = `/transfers/${id}${what}`;
    return this.callsTo(this.route(`PUT /transfers/{id}${what}`)).filter(({ route }) => route.endsWith(end));
  }

  /** Waits until the system listens for frames. @throws NotConforming */
  async untilSubscribed(): Promise<void> {
    const isOurs = ({ path, isOpen }: { path: string; isOpen: boolean }): boolean =>
      isOpen && path.startsWith(this.path);
    await until(
      () => this.context.peers.subscriptions.some(isOurs),
      this.context,
      `WS ${this.base}/websocket: the system has subscribed to no account of the ${this.role} that this command plays; must subscribe, and again when the websocket breaks`,
    );
  }

  /** Breaks the system's websocket, as a ledger that restarts does. */
  breakWebsocket(): void {
    this.context.peers.breakWebsockets(this.path);
  }

  /** A transfer that somebody else prepares. The system is sent the frame. */
  prepare(transfer: Omit<PlayedTransfer, 'ledger' | 'state' | 'timeline' | 'id'> & { id: string }): PlayedTransfer {
    return this.keep(transfer.id, { ...transfer, state: 'prepared' }, 'transfer.create');
  }

  /** Ends a transfer without the system: it expires, or somebody else rejects or executes it. */
  end(id: string, state: 'executed' | 'rejected', changes: Partial<PlayedTransfer> = {}, fulfillment?: string): void {
    this.keep(id, { ...this.transfers.get(id)!, ...changes, state }, 'transfer.update', fulfillment);
  }

  /** Sends a frame of a transfer again. */
  sendAgain(id: string, event: 'transfer.create' | 'transfer.update'): void {
    this.context.peers.sendEvent(event, this.transfers.get(id)!, undefined, this.path);
  }

  private get path(): string {
    return playedPath(this.context.system.contract, this.role);
  }

  /** Whether an id can be no transfer any more. */
  isVoid(id: string): boolean {
    return this.voided.has(id);
  }

  private serveAll(): void {
    this.context.peers.on(new RegExp(`^GET ${this.path}/?$`), () => ({ json: this.metadata() }));
    this.serve(this.route('PUT /transfers/{id}/void'), (_, { id = '' }) => this.makeVoid(id));
    this.serve(this.route('GET /accounts/{name}'), (_, { name = '' }) => this.accountAnswer(name));
    this.serve(this.route('GET /transfers/{id}'), (_, { id = '' }) => {
      const transfer = this.transfers.get(id);
      return transfer ? { json: transfer } : refusal(404, 'NotFoundError', 'Unknown transfer');
    });
    this.serve(this.route('PUT /transfers/{id}'), ({ body }, { id = '' }) => this.put(id, body));
    this.serve(this.route('PUT /transfers/{id}/fulfillment'), ({ body }, { id = '' }) => this.fulfil(id, String(body)));
    this.serve(this.route('PUT /transfers/{id}/rejection'), ({ body }, { id = '' }) => this.reject(id, body));
  }

  private metadata(): object {
    const paths = { health: 'health', transfer: 'transfers/:id', account: 'accounts/:name', accounts: 'accounts' };
    const urls = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, `${this.url}/${path}`]));
    return {
      currency_code: 'USD',
      currency_symbol: '$',
      ledger: this.url,
      connectors: [],
      precision: 10,
      scale: 2,
      urls: { ...urls, websocket: `${this.url.replace(/^http/, 'ws')}/websocket` },
    };
  }

  private makeVoid(id: string): FakePeerAnswer {
    const known = this.transfers.get(id);
    if (known) return { json: known };
    this.voided.add(id);
    return { json: { id: `${this.url}/transfers/${id}`, state: 'void' } };
  }

  private accountAnswer(name: string): FakePeerAnswer {
    const account = this.accounts.get(name);
    if (!account) return refusal(404, 'NotFoundError', 'Unknown account');
    return { json: { id: this.accountUri(name), name, ledger: this.url, ...account } };
  }

  private put(id: string, body: Omit<PlayedTransfer, 'state' | 'timeline'>): FakePeerAnswer {
    const known = this.transfers.get(id);
    if (known) {
      const isSame = termsOf(known) === termsOf(body);
      return isSame ? { json: known } : refusal(400, 'InvalidModificationError', 'Transfer may not be modified');
    }
    if (this.voided.has(id)) return refusal(422, 'ExpiredTransferError', 'The id is void');
    const isPrepared = body.debits.every(({ authorized }) => authorized === true);
    if (!isPrepared) return { status: 201, json: this.keep(id, { ...body, state: 'proposed' }, 'transfer.update') };
    const prepared = this.keep(id, { ...body, state: 'prepared' }, 'transfer.create');
    setImmediate(() => this.whenPrepared(id));
    return { status: 201, json: prepared };
  }

  private fulfil(id: string, fulfillment: string): FakePeerAnswer {
    const transfer = this.transfers.get(id);
    if (!transfer) return refusal(404, 'NotFoundError', 'Unknown transfer');
    if (!isFulfilled(transfer.execution_condition, fulfillment)) {
      return refusal(422, 'UnmetConditionError', 'Fulfillment does not match any condition');
    }
    if (transfer.state === 'prepared') this.end(id, 'executed', {}, fulfillment);
    else if (transfer.state !== 'executed') return refusal(400, 'InvalidModificationError', 'It was rejected');
    return { text: fulfillment };
  }

  private reject(id: string, body: unknown): FakePeerAnswer {
    const transfer = this.transfers.get(id);
    if (!transfer) return refusal(404, 'NotFoundError', 'Unknown transfer');
    if (transfer.state === 'executed') return refusal(400, 'InvalidModificationError', 'It was executed');
    const message = typeof body === 'object' && body !== null ? body : { message: String(body) };
    const [credit] = transfer.credits;
    const credits = [{ ...credit!, rejected: true, rejection_message: message }];
    const reason = (message as { message?: string }).message ?? 'rejected';
    if (transfer.state !== 'rejected') this.end(id, 'rejected', { credits, rejection_reason: reason });
    return { json: this.transfers.get(id) };
  }

  private keep(
    id: string,
    content: Omit<PlayedTransfer, 'ledger' | 'timeline' | 'id'> & { id?: string },
    event: 'transfer.create' | 'transfer.update',
    fulfillment?: string,
  ): PlayedTransfer {
    const timeline = { ...this.transfers.get(id)?.timeline, [`${content.state}_at`]: new Date().toISOString() };
    const transfer = { ...content, id: `${this.url}/transfers/${id}`, ledger: this.url, timeline };
    this.transfers.set(id, transfer);
    const related = fulfillment === undefined ? undefined : { execution_condition_fulfillment: fulfillment };
    this.context.peers.sendEvent(event, transfer, related, this.path);
    return transfer;
  }
}

function termsOf({ debits, credits, execution_condition, expires_at }: Partial<PlayedTransfer>): string {
  const entries = [debits, credits].map((side) => side?.map(({ account, amount }) => [account, Number(amount)]));
  return JSON.stringify([entries, execution_condition, expires_at]);
}

function isFulfilled(condition: string | undefined, fulfillment: string): boolean {
  try {
    return condition !== undefined && fulfills(parseCondition(condition), parseFulfillment(fulfillment));
  } catch (error) {
    if (error instanceof ConditionError) return false;
    throw error;
  }
}
