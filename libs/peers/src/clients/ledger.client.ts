import { basicAuthorization, CommonErrorId, commonError, type RoleName } from '@level-one/platform';
import { type HopId, hopOf, peerOf } from '../hops/hops.js';
import { assertShape, type PeerAnswer } from '../http/peer-answer.js';
import { type PeerCall, PeerHttp } from '../http/peer-http.js';
import { AccountDto, type AccountRequestDto } from '../wire/ledger/account.dto.js';
import { ClaimDto, type ClaimRequestDto, TransferStatementDto } from '../wire/ledger/claim.dto.js';
import type { LedgerChargeDto } from '../wire/ledger/charge.dto.js';
import type { FundsRequestDto } from '../wire/ledger/funds.dto.js';
import { GraceDto, type LateTransferDto, LateTransfersDto, type VoidDto } from '../wire/ledger/grace.dto.js';
import type { MessageDto } from '../wire/ledger/message.dto.js';
import { LedgerMetadataDto, type TokenDto } from '../wire/ledger/metadata.dto.js';
import { TransferDto } from '../wire/ledger/transfer.dto.js';
import type { WireTransfer } from '../wire/ledger/wire-transfer.js';

/** What is said of an account whose name is in the path. */
export type AccountChanges = Omit<AccountRequestDto, 'name' | 'id'>;

/** A page of late transfers. */
export interface LateTransfers {
  transfers: LateTransferDto[];
  /** For the next page; undefined on the last one. */
  after: string | undefined;
}

export interface LedgerPeer {
  /** Which role answers at `baseUrl`. */
  role: Extract<RoleName, 'ledger-adapter' | 'dfsp-ledger' | 'central-ledger'>;
  /** Base of the Five Bells API: `/ilp/ledger/v1`, `/ledger` or the root. */
  baseUrl: string;
  /** Account whose rights are used. */
  name: string;
  password: string;
}

const SUPPORT_HOPS = {
  'ledger-adapter': 'support-adapter',
  'dfsp-ledger': 'support-ledger',
  'central-ledger': 'support-central',
} as const;

/** Maximum of transfers in a page of late ones. */
const LATE_PER_PAGE = 100;
/** How ledgers that are not ours answer a route that they do not have. */
const NO_SUCH_ROUTE: ReadonlySet<number> = new Set([404, 405, 501]);

/** A token is thrown away well before its seven days are over. */
const TOKEN_USED_MS = 60 * 60 * 1_000;

/** Calls a Five Bells ledger with one account's rights, with a bearer token once it has one (ruling 16). */
export class LedgerClient {
  readonly baseUrl: string;
  private token: { authorization: string; until: number } | undefined;
  private tokenRequest: Promise<string> | undefined;

  constructor(
    private readonly http: PeerHttp,
    private readonly peer: LedgerPeer,
  ) {
    this.baseUrl = peer.baseUrl.replace(/\/+$/, '');
  }

  /** Where the ledger sends its notifications (contract 3.7). */
  get websocketUrl(): string {
    return `${this.baseUrl.replace(/^http/, 'ws')}/websocket`;
  }

  /** How a `LedgerSubscriber` gets in with the rights of this client. */
  get websocket(): { peer: string; websocketUrl: string; authorize(renew: boolean): Promise<string> } {
    return {
      peer: peerOf(hopOf(this.support()), this.http.identity.dfsp, this.peer.role),
      websocketUrl: this.websocketUrl,
      authorize: (renew) => {
        if (renew) this.forgetToken();
        return this.authorization();
      },
    };
  }

  metadata(): Promise<LedgerMetadataDto> {
    return this.http.call(
      this.support(),
      { baseUrl: this.baseUrl, path: '', to: this.peer.role },
      { shape: { of: LedgerMetadataDto } },
    );
  }

  accountUri(name: string): string {
    return `${this.baseUrl}/accounts/${encodeURIComponent(name)}`;
  }

  transferUri(id: string): string {
    return `${this.baseUrl}/transfers/${id}`;
  }

  /** @throws ContractError 404 NotFoundError */
  async account(name: string): Promise<AccountDto> {
    const answer = await this.authorized(this.support(), { path: `/accounts/${encodeURIComponent(name)}` });
    assertShape(this.support(), answer.json, { of: AccountDto });
    return answer.json as AccountDto;
  }

  /**
   * The account whose rights are used, read by its name and password; undefined if the ledger does not let it in.
   * @throws ContractError 502, 503 while the ledger cannot be asked
   */
  async ownAccount(): Promise<AccountDto | undefined> {
    const { name, password, role } = this.peer;
    const answer = await this.http.request(this.support(), {
      baseUrl: this.baseUrl,
      path: `/accounts/${encodeURIComponent(name)}`,
      authorization: basicAuthorization(name, password),
      to: role,
    });
    if (answer.status === 401) return undefined;
    const { json } = this.http.success(this.support(), answer);
    assertShape(this.support(), json, { of: AccountDto });
    return json as AccountDto;
  }

  /** Creates or updates an account; needs the admin. */
  async putAccount(name: string, account: AccountChanges): Promise<AccountDto> {
    const path = `/accounts/${encodeURIComponent(name)}`;
    return (await this.authorized(this.support(), { path, method: 'PUT', json: { name, ...account } }))
      .json as AccountDto;
  }

  /** Books money that came to the ledger, or left it, once for each id; needs the admin. @throws ContractError 400, 422 */
  async moveFunds(name: string, funds: FundsRequestDto): Promise<AccountDto> {
    const path = `/accounts/${encodeURIComponent(name)}/funds`;
    return (await this.authorized(this.support(), { path, method: 'POST', json: funds })).json as AccountDto;
  }

  /** Proposes or prepares; hops P.D, P.E, P.G1, P.H, P.I. */
  async putTransfer(hop: HopId, id: string, transfer: WireTransfer): Promise<WireTransfer> {
    return transferIn(hop, await this.authorized(hop, { path: `/transfers/${id}`, method: 'PUT', json: transfer }));
  }

  /** Gives a transfer its charges, once (ruling 10). @throws ContractError 400, 403, 422 */
  async putCharges(hop: HopId, id: string, charges: readonly LedgerChargeDto[]): Promise<void> {
    await this.authorized(hop, { path: `/transfers/${id}/charges`, method: 'PUT', json: charges });
  }

  /** Sends a message from the client's own account to another one. @throws ContractError 422 NoSubscriptionsError */
  async sendMessage(to: string, data: object): Promise<void> {
    const [from, destination] = [this.accountUri(this.peer.name), this.accountUri(to)];
    const json: MessageDto = { ledger: this.baseUrl, from, to: destination, data: { ...data } };
    await this.authorized(this.support(), { path: '/messages', method: 'POST', json });
  }

  /** @throws ContractError 404 NotFoundError */
  async transfer(id: string): Promise<WireTransfer> {
    const answer = await this.authorized(this.support(), { path: `/transfers/${id}` });
    assertShape(this.support(), answer.json, { of: TransferDto });
    return answer.json as WireTransfer;
  }

  /** Exactly what was submitted. @throws ContractError 404, 422 */
  async fulfillment(id: string): Promise<string> {
    return (await this.authorized(this.support(), { path: `/transfers/${id}/fulfillment` })).text;
  }

  /** Hops V.A, V.D, V.F. */
  async fulfil(hop: HopId, id: string, fulfillment: string): Promise<string> {
    const answer = await this.authorized(hop, {
      path: `/transfers/${id}/fulfillment`,
      method: 'PUT',
      body: fulfillment,
      headers: { 'content-type': 'text/plain' },
    });
    return answer.text;
  }

  /** Hops R1, R2, R3. */
  async reject(hop: HopId, id: string, reason: object): Promise<WireTransfer> {
    const call = { path: `/transfers/${id}/rejection`, method: 'PUT', json: reason } as const;
    return transferIn(hop, await this.authorized(hop, call));
  }

  /** Until when a transfer is open. @throws ContractError 404 NotFoundError, 422 TransferNotConditionalError */
  async grace(id: string): Promise<GraceDto> {
    return this.graceIn(await this.authorized(this.support(), { path: `/transfers/${id}/grace` }));
  }

  /**
   * Keeps a late transfer that credits the client's account open for longer.
   * @throws ContractError 400, 403, 404, 422 ExpiredTransferError, 422 UnprocessableEntityError for an end that is not
   * later or too late
   */
  async extendGrace(id: string, until: Date): Promise<GraceDto> {
    const json = { open_until: until.toISOString() };
    return this.graceIn(await this.authorized(this.support(), { path: `/transfers/${id}/grace`, method: 'PUT', json }));
  }

  /**
   * A page of the open transfers that credit an account and are past their expiry, in the order of their ids.
   * @param page.after id of the last transfer of the page before.
   * @throws ContractError 403, 404
   */
  async lateTransfers(account: string, page: { limit?: number; after?: string } = {}): Promise<LateTransfers> {
    const { limit = LATE_PER_PAGE, after } = page;
    const query = new URLSearchParams({ limit: String(limit), ...(after !== undefined && { after }) });
    const path = `/accounts/${encodeURIComponent(account)}/late-transfers?${query.toString()}`;
    const answer = await this.authorized(this.support(), { path });
    assertShape(this.support(), answer.json, { of: LateTransfersDto });
    const { transfers, next } = answer.json as LateTransfersDto;
    return { transfers, after: next ? (new URL(next).searchParams.get('after') ?? undefined) : undefined };
  }

  /**
   * Sees to it that an unknown id never becomes a transfer.
   * @returns `{ state: 'void' }`, or the transfer if the ledger knows it; undefined if the ledger has no such route.
   * @throws ContractError 403
   */
  async voidTransfer(id: string): Promise<WireTransfer | Pick<VoidDto, 'id' | 'state'> | undefined> {
    const hop = this.support();
    const answer = await this.answerTo(hop, { path: `/transfers/${id}/void`, method: 'PUT' });
    if (NO_SUCH_ROUTE.has(answer.status)) return undefined;
    const { json } = this.http.success(hop, answer);
    const voided = json as VoidDto | undefined;
    return voided?.state === 'void' ? voided : transferIn(hop, answer);
  }

  /** What the ledger says about a transfer, signed. @throws ContractError 404 NotFoundError */
  async statement(id: string): Promise<TransferStatementDto> {
    const answer = await this.authorized(this.support(), { path: `/transfers/${id}/statement` });
    assertShape(this.support(), answer.json, { of: TransferStatementDto });
    return answer.json as TransferStatementDto;
  }

  /**
   * Claims a transfer that credits the client's account and ended by its time, with the statement of the ledger behind.
   * @throws ContractError 400 InvalidModificationError, 403, 404, 422 with the reason why it cannot be claimed
   */
  async claim(id: string, json: ClaimRequestDto): Promise<ClaimDto> {
    const answer = await this.authorized(this.support(), { path: `/transfers/${id}/claims`, method: 'POST', json });
    assertShape(this.support(), answer.json, { of: ClaimDto });
    return answer.json as ClaimDto;
  }

  /** The claim of a transfer that the client's account made. @throws ContractError 404 NotFoundError */
  async readClaim(id: string): Promise<ClaimDto> {
    const answer = await this.authorized(this.support(), { path: `/transfers/${id}/claims` });
    assertShape(this.support(), answer.json, { of: ClaimDto });
    return answer.json as ClaimDto;
  }

  private graceIn(answer: PeerAnswer): GraceDto {
    assertShape(this.support(), answer.json, { of: GraceDto });
    return answer.json as GraceDto;
  }

  /** `Bearer …` of the account; asked for once an hour. */
  async authorization(): Promise<string> {
    if (this.token && this.token.until > Date.now()) return this.token.authorization;
    this.tokenRequest ??= this.fetchToken().finally(() => (this.tokenRequest = undefined));
    return this.tokenRequest;
  }

  private forgetToken(): void {
    this.token = undefined;
  }

  private async fetchToken(): Promise<string> {
    const answer = await this.http.call<Partial<TokenDto> | undefined>(this.support(), {
      baseUrl: this.baseUrl,
      path: '/auth_token',
      authorization: basicAuthorization(this.peer.name, this.peer.password),
      to: this.peer.role,
    });
    if (typeof answer?.token !== 'string') {
      throw commonError(CommonErrorId.External, { message: `${this.baseUrl} gave no token` });
    }
    this.token = { authorization: `Bearer ${answer.token}`, until: Date.now() + TOKEN_USED_MS };
    return this.token.authorization;
  }

  private support(): HopId {
    return SUPPORT_HOPS[this.peer.role];
  }

  private async authorized(hop: HopId, call: Omit<PeerCall, 'baseUrl' | 'authorization'>): Promise<PeerAnswer> {
    return this.http.success(hop, await this.answerTo(hop, call));
  }

  private async answerTo(hop: HopId, call: Omit<PeerCall, 'baseUrl' | 'authorization'>): Promise<PeerAnswer> {
    const send = async (): Promise<PeerAnswer> =>
      this.http.request(hop, {
        ...call,
        baseUrl: this.baseUrl,
        authorization: await this.authorization(),
        to: this.peer.role,
      });
    let answer = await send();
    if (answer.status === 401) {
      // The ledger may have been restarted with another token secret.
      this.forgetToken();
      answer = await send();
    }
    return answer;
  }
}

/** Ledgers that answer later answer nothing now. @throws ContractError 502 for what is no transfer */
function transferIn(hop: HopId, { json, text }: PeerAnswer): WireTransfer {
  if (text !== '') assertShape(hop, json, { of: TransferDto });
  return json as WireTransfer;
}
