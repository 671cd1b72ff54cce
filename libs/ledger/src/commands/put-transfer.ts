import {
  isFinal,
  isSameContent,
  Right,
  type Transfer,
  type TransferContent,
  transferError,
  TransferErrorCode,
  type TransferRequest,
} from '@level-one/transfer';
import { assertChargeable, assertChargesParties, assertParties, isCustomer } from '../rules/account-kinds.js';
import type { Books } from '../books/books.js';
import type { Command, PutOutcome } from './commands.js';
import { assertCountable, assertFunds, assertUsable } from '../rules/funds.js';
import { holdsOf } from '../books/holds.js';
import { hasRight, mayActFor, type Principal } from '../rules/principal.js';
import { rejectCredit } from './reject-transfer.js';
import { schemeChargesOn } from '../rules/scheme-charges.js';

/**
 * Proposes a transfer, prepares or executes it if its debit is authorized, authorizes a known proposal, or answers a
 * repeated request (contract 3.4). An id that is void is refused like one that has expired (ruling 40).
 *
 * @throws ContractError 400 InvalidModificationError, 403, or 422.
 */
export function putTransfer(request: TransferRequest, principal: Principal): Command<PutOutcome> {
  const { content } = request;
  return {
    transferIds: [content.id],
    accounts: [content.debitAccount, content.creditAccount],
    decide: (books) => {
      assertIsParty(request, principal);
      books.expireIfDue(content.id);
      const known = books.transfer(content.id);
      const transfer = known
        ? modifyTransfer(books, known, request, principal)
        : createTransfer(books, request, principal);
      return { transfer: { ...transfer }, created: !known };
    },
  };
}

function createTransfer(books: Books, request: TransferRequest, principal: Principal): Transfer {
  const { content, authorized, rejection } = request;
  if (books.isVoid(content.id, content.debitAccount)) throw transferError(TransferErrorCode.ExpiredTransfer);
  assertParties(books, content);
  if (authorized) assertMayAuthorize(books, content, principal);
  else assertMayPropose(books, content, principal);
  if (rejection) throw transferError(TransferErrorCode.InvalidModification);
  if (content.expiresAt && books.isOver(content.expiresAt)) throw transferError(TransferErrorCode.ExpiredTransfer);
  assertUsable(books, content.debitAccount);
  assertUsable(books, content.creditAccount);
  if (!authorized) return books.proposeTransfer(content);
  assertExecutable(books, content);
  assertAffordable(books, content);
  return prepareOrExecute(books, books.addTransfer(content));
}

function modifyTransfer(books: Books, known: Transfer, request: TransferRequest, principal: Principal): Transfer {
  const { content, authorized, rejection } = request;
  const isUnchanged = isSameContent(known, content) && (authorized || !known.authorized);
  const addsAuthorization = authorized && !known.authorized;
  if (!isUnchanged || (addsAuthorization && isFinal(known.state))) {
    throw transferError(TransferErrorCode.InvalidModification);
  }
  if (rejection) return rejectCredit(books, known, rejection, principal);
  if (addsAuthorization) {
    assertParties(books, known);
    assertMayAuthorize(books, known, principal);
    assertUsable(books, known.debitAccount);
    assertUsable(books, known.creditAccount);
    assertExecutable(books, known);
    assertAffordable(books, known);
    return prepareOrExecute(books, known);
  }
  return known;
}

/**
 * Checks the money for the transfer and its charges. If no charges were put, those of the scheme are added here, once.
 * @throws ContractError 422 InsufficientFundsError or UnprocessableEntityError
 */
function assertAffordable(books: Books, content: TransferContent): void {
  const given = books.charges(content.id);
  const charges = given.length > 0 ? given : schemeChargesOn(content, books.tariff);
  for (const charge of given) assertChargeable(books, charge);
  assertChargesParties(books, content, given);
  for (const { debitAccount, creditAccount } of charges) {
    assertUsable(books, debitAccount);
    assertUsable(books, creditAccount);
  }
  assertFunds(books, holdsOf(content, charges));
  assertCountable(books, content, charges);
  if (charges !== given && charges.length > 0) books.addCharges(content.id, charges);
}

/** Prepares an authorized transfer, or executes it if it has no condition. */
function prepareOrExecute(books: Books, transfer: Transfer): Transfer {
  if (transfer.executionCondition === null) books.executeAtOnce(transfer);
  else books.prepareTransfer(transfer);
  return transfer;
}

function assertIsParty({ content }: TransferRequest, principal: Principal): void {
  const { name } = principal;
  const isParty =
    name === content.debitAccount ||
    name === content.creditAccount ||
    hasRight(principal, Right.Authorize) ||
    hasRight(principal, Right.Reject);
  if (!isParty) throw transferError(TransferErrorCode.Forbidden);
}

function assertMayAuthorize(books: Books, { debitAccount }: TransferContent, principal: Principal): void {
  if (mayAuthorize(books, debitAccount, principal)) return;
  throw transferError(TransferErrorCode.Forbidden, { message: 'Invalid attempt to authorize debit' });
}

/** Unknown and disabled accounts pass here; `assertUsable` refuses them. */
function mayAuthorize(books: Books, debitAccount: string, principal: Principal): boolean {
  const account = books.account(debitAccount);
  const isRefusedLater = (!account || account.isDisabled) && hasRight(principal, Right.Authorize);
  return isRefusedLater || (account !== undefined && mayActFor(principal, account, Right.Authorize));
}

function assertMayPropose(books: Books, { debitAccount, creditAccount }: TransferContent, principal: Principal): void {
  if (mayAuthorize(books, debitAccount, principal)) return;
  const credited = books.account(creditAccount);
  const may = credited ? mayActFor(principal, credited, Right.Reject) : hasRight(principal, Right.Reject);
  if (!may) throw transferError(TransferErrorCode.Forbidden);
}

/**
 * A transfer from a connector to an account without direct use is executed by a role later, so it needs a condition.
 */
function assertExecutable(books: Books, { debitAccount, creditAccount, executionCondition }: TransferContent): void {
  const credited = books.account(creditAccount)!;
  if (executionCondition !== null || !isCustomer(credited) || credited.directUse) return;
  if (isCustomer(books.account(debitAccount))) return;
  throw transferError(TransferErrorCode.UnprocessableEntity, {
    message: `A transfer from a connector to account \`${creditAccount}\` needs an execution_condition`,
  });
}
