import { Injectable } from '@nestjs/common';
import { Subscriptions } from '@level-one/notifications';
import { CommonErrorId, commonError, hashSecret, secretProblem } from '@level-one/platform';
import { isAccountName, TransferErrorCode, transferError } from '@level-one/transfer';
import { AccountRequestDto, FundsRequestDto } from '@level-one/peers';
import type { Account } from '../../schema/account.entity.js';
import { parseBalance, parseCap, parseFloor, parseFundsAmount, parseGrace } from './balances.js';
import { Credentials } from '../../access/credentials.js';
import { Ledger } from '../../engine/ledger.js';
import type { MoveFundsOutcome } from '../../commands/move-funds.js';
import type { PutAccountOutcome } from '../../commands/put-account.js';
import { LedgerProfile } from '../ledger-profile.js';

/** Opens, changes and closes accounts for administrators. */
@Injectable()
export class AccountAdministration {
  constructor(
    private readonly ledger: Ledger,
    private readonly credentials: Credentials,
    private readonly profile: LedgerProfile,
    private readonly subscriptions: Subscriptions,
  ) {}

  /** @throws ContractError 400 for a malformed name or balance, 422 for a change that is not allowed. */
  async putAccount(
    name: string,
    request: AccountRequestDto,
    options?: { onlyNew: boolean },
  ): Promise<PutAccountOutcome> {
    if (!isAccountName(name)) {
      throw transferError(TransferErrorCode.InvalidUriParameter, { message: 'name is not a valid account name' });
    }
    const { scale, isDemo } = this.profile;
    const problem = isDemo || request.password === undefined ? undefined : secretProblem(request.password, name);
    if (problem) throw commonError(CommonErrorId.UnprocessableEntity, { message: `password ${problem}` });
    const { password, balance, minimum_allowed_balance: floor, net_debit_cap: cap } = request;
    const outcome = await this.ledger.putAccount(
      {
        name,
        balance: ifGiven(balance, (given) => parseBalance(given, scale, 'balance')),
        minimumAllowedBalance: ifGiven(floor, (given) => parseFloor(given, scale)),
        netDebitCap: ifGiven(cap, (given) => parseCap(given, scale)),
        isDisabled: request.is_disabled,
        accountType: request.accountType ?? undefined,
        directUse: request.direct_use ?? undefined,
        graceS: ifGiven(request.grace_s, parseGrace),
        claimLedgerKeys: request.claim_ledger_keys ?? undefined,
        connector: request.connector,
        rights: request.rights,
        passwordHash: password === undefined ? undefined : await hashSecret(password),
      },
      options,
    );
    this.credentials.dropCachedLogins(name);
    if (saysWhoMay(request)) this.subscriptions.endThoseOf(name);
    return outcome;
  }

  /** Books money that came to the ledger or left it, once per id. @throws ContractError 400, 404, 422 */
  moveFunds(name: string, { id, amount, direction, reference }: FundsRequestDto): Promise<MoveFundsOutcome> {
    const { scale, precision } = this.profile;
    return this.ledger.moveFunds({
      id: id.toLowerCase(),
      account: name,
      direction,
      amount: parseFundsAmount(amount, { scale, precision }),
      reference,
    });
  }

  /** Closes an account for good and ends its logins. @throws ContractError 404, 422 */
  async closeAccount(name: string): Promise<Account> {
    const account = await this.ledger.closeAccount(name);
    this.credentials.dropCachedLogins(name);
    this.subscriptions.endThoseOf(name);
    return account;
  }
}

/** Whether a change affects who may log in and with which rights. */
function saysWhoMay({ password, is_disabled: isDisabled, rights }: AccountRequestDto): boolean {
  return password !== undefined || isDisabled !== undefined || rights !== undefined;
}

/** In a body null means absent. */
function ifGiven<T, R>(value: T | null | undefined, read: (given: T) => R): R | undefined {
  return value === undefined || value === null ? undefined : read(value);
}
