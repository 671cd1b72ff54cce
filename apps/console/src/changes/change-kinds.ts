import { partsOf } from '@level-one/work';
import { CONFIRMATIONS_MAX } from '@level-one/peers';
import { Injectable } from '@nestjs/common';
import { CommonErrorId, commonError, isContractUuid } from '@level-one/platform';
import { NetworkService } from '../network/network.service.js';
import { type CalledRole, RoleHttp, type RoleRequest } from '../network/role-http.js';
import type { ChangeKind } from './changes.dto.js';

type Parameters = Record<string, unknown>;

const NAME = /^[A-Za-z0-9._~-]{1,256}$/;
const SHORT_NAME = /^[A-Za-z0-9_-]{1,10}$/;
const AMOUNT = /^\d{1,18}(\.\d{1,9})?$/;
/** As long as the directory takes it, in characters. */
const REASON = /^.{1,256}$/su;
const DELIVERING = ['dfsp-api', 'spsp-server'] as const;

interface WindowJson {
  id: string;
  number: number;
  state: string;
  positions: { account: string; outstanding: string }[];
}

function wrong(message: string): Error {
  return commonError(CommonErrorId.InvalidBody, { message });
}

function textOf(parameters: Parameters, name: string, form: RegExp): string {
  const value = parameters[name];
  if (typeof value === 'string' && form.test(value)) return value;
  throw wrong(`parameters.${name} is missing or malformed`);
}

function uuidOf(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (isContractUuid(value)) return value.toLowerCase();
  throw wrong(`parameters.${name} is missing or malformed`);
}

/**
 * What each kind of change is. All that a request carries out is decided when it is proposed, so that what is approved
 * is what is done; and each request may be sent again, and changes nothing twice.
 */
@Injectable()
export class ChangeKinds {
  constructor(
    private readonly network: NetworkService,
    private readonly http: RoleHttp,
  ) {}

  /**
   * Checks the parameters of a change, and adds what will be done.
   * @throws ContractError 400 InvalidBodyError, 404 NotFoundError, 422 UnprocessableEntityError, 502 ExternalError
   */
  async prepare(id: string, kind: ChangeKind, parameters: Parameters): Promise<Parameters> {
    switch (kind) {
      case 'close-window':
        return this.prepareClose(parameters);
      case 'settle-window':
        return this.prepareSettle(id, parameters);
      case 'set-cap':
        return this.prepareCap(parameters);
      case 'suspend-participant':
        return { name: textOf(parameters, 'name', SHORT_NAME), reason: textOf(parameters, 'reason', REASON) };
      case 'resume-participant':
        return { name: textOf(parameters, 'name', SHORT_NAME) };
      default:
        return this.prepareResend(parameters);
    }
  }

  /** Carries out a change. @throws ContractError: the refusal of the role, or 502 ExternalError */
  async carryOut(kind: ChangeKind, parameters: Parameters): Promise<void> {
    if (kind === 'resend') {
      const role = this.network.roleOf(parameters['role'] as (typeof DELIVERING)[number], String(parameters['dfsp']));
      await this.http.read(role, { method: 'POST', path: `/undelivered/${String(parameters['id'])}/resend` });
      return;
    }
    const isOfDirectory = kind === 'suspend-participant' || kind === 'resume-participant';
    const role = this.network.roleOf(isOfDirectory ? 'central-directory' : 'central-ledger', null);
    if (kind === 'settle-window') await this.confirm(role, parameters);
    else await this.http.read(role, this.requestOf(kind, parameters));
  }

  /** Of many participants in parts: what a part has confirmed already, it does not confirm twice. */
  private async confirm(ledger: CalledRole, { windowId, confirmations }: Parameters): Promise<void> {
    const path = `/settlements/${String(windowId)}/confirmations`;
    for (const part of partsOf(confirmations as object[], CONFIRMATIONS_MAX)) {
      await this.http.read(ledger, { method: 'POST', path, body: { confirmations: part } });
    }
  }

  private requestOf(kind: Exclude<ChangeKind, 'resend' | 'settle-window'>, parameters: Parameters): RoleRequest {
    const { windowId, account, netDebitCap, name, reason } = parameters;
    switch (kind) {
      case 'close-window':
        return { method: 'POST', path: `/settlements/${String(windowId)}/close` };
      case 'set-cap':
        return {
          method: 'PUT',
          path: `/accounts/${encodeURIComponent(String(account))}`,
          body: { name: account, net_debit_cap: netDebitCap },
        };
      case 'suspend-participant':
        return { method: 'PUT', path: `/dfsps/${String(name)}/status`, body: { status: 'suspended', reason } };
      default:
        return { method: 'PUT', path: `/dfsps/${String(name)}/status`, body: { status: 'active' } };
    }
  }

  private async prepareClose(parameters: Parameters): Promise<Parameters> {
    const window = await this.readWindow(uuidOf(parameters, 'windowId'));
    if (window.state !== 'open') throw notAllowed(`Window ${window.number} is ${window.state}, not open`);
    return { windowId: window.id, number: window.number };
  }

  /** The confirmations are what is outstanding now, each with a reference of this change. */
  private async prepareSettle(id: string, parameters: Parameters): Promise<Parameters> {
    const window = await this.readWindow(uuidOf(parameters, 'windowId'));
    if (window.state !== 'closed') throw notAllowed(`Window ${window.number} is ${window.state}, not closed`);
    const confirmations = window.positions
      .filter(({ outstanding }) => /[1-9]/.test(outstanding))
      .map(({ account, outstanding }) => ({
        account: nameOf(account),
        amount: outstanding.replace('-', ''),
        reference: `console ${id}`,
      }));
    if (confirmations.length === 0) throw notAllowed(`Nothing of window ${window.number} is outstanding`);
    return { windowId: window.id, number: window.number, confirmations };
  }

  private async prepareCap(parameters: Parameters): Promise<Parameters> {
    const account = textOf(parameters, 'account', NAME);
    const netDebitCap = parameters['netDebitCap'] === null ? null : textOf(parameters, 'netDebitCap', AMOUNT);
    const ledger = this.network.roleOf('central-ledger', null);
    const path = `/accounts/${encodeURIComponent(account)}`;
    const { net_debit_cap: before } = await this.http.read<{ net_debit_cap?: string | null }>(ledger, path);
    return { account, netDebitCap, before: before ?? null };
  }

  private prepareResend(parameters: Parameters): Parameters {
    const [dfsp, role] = [textOf(parameters, 'dfsp', SHORT_NAME), textOf(parameters, 'role', NAME)];
    const known = DELIVERING.find((one) => one === role);
    if (known === undefined) throw wrong(`parameters.role must be ${DELIVERING.join(' or ')}`);
    this.network.roleOf(known, dfsp);
    return { dfsp, role, id: uuidOf(parameters, 'id') };
  }

  private readWindow(id: string): Promise<WindowJson> {
    return this.http.read<WindowJson>(this.network.roleOf('central-ledger', null), `/settlements/${id}`);
  }
}

function notAllowed(message: string): Error {
  return commonError(CommonErrorId.UnprocessableEntity, { message });
}

function nameOf(uri: string): string {
  return decodeURIComponent(uri.split('/').at(-1)!);
}
