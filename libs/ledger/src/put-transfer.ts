import {
  isFinal,
  isSameContent,
  type Transfer,
  TransferErrorCode,
  transferError,
  type TransferRequest,
} from '@level-one/transfer';
import { Right } from './account.entity.js';
import type { Books } from './books.js';
import type { Command, PutOutcome } from './commands.js';
import { assertFunds, assertUsable } from './funds.js';
import { holdsOf } from './holds.js';
import { mayActFor, type Principal } from './principal.js';
import { rejectCredit } from './reject-transfer.js';
import { schemeChargesOn } from './scheme-charges.js';

/**
 * Proposes a transfer, authorizes one that was proposed, or answers a replay (contract 3.4).
 * Throws ContractError 400 InvalidModificationError, 403, or 422.
 */
export function putTransfer(request: TransferRequest, principal: Principal): Command<PutOutcome> {
  const { content } = request;
  return {
    transferIds: [content.id],
    accounts: [content.debitAccount, content.creditAccount],
    decide: (books) => {
      assertIsParty(request, principal);
      const known = books.transfer(content.id);
      const transfer = known ? modify(books, known, request, principal) : create(books, request, principal);
      return { transfer: { ...transfer }, created: !known };
    },
  };
}

function create(books: Books, request: TransferRequest, principal: Principal): Transfer {
  const { content, authorized, rejection } = request;
  if (authorized) assertMayAuthorize(content.debitAccount, principal);
  if (rejection) throw transferError(TransferErrorCode.InvalidModification);
  if (content.expiresAt && content.expiresAt <= books.now) throw transferError(TransferErrorCode.ExpiredTransfer);
  assertUsable(books, content.debitAccount);
  assertUsable(books, content.creditAccount);
  if (!authorized) return books.propose(content);
  assertAffordable(books, content);
  return settle(books, books.enrol(content));
}

function modify(books: Books, known: Transfer, request: TransferRequest, principal: Principal): Transfer {
  const { content, authorized, rejection } = request;
  const addsAuthorization = authorized && !known.authorized;
  const isUnchanged = isSameContent(known, content) && (authorized || !known.authorized);
  if (isFinal(known.state) && (!isUnchanged || addsAuthorization)) throw transferError(TransferErrorCode.AlreadyExists);
  if (!isUnchanged) throw transferError(TransferErrorCode.InvalidModification);
  if (rejection) return rejectCredit(books, known, rejection, principal);
  if (addsAuthorization) {
    assertMayAuthorize(known.debitAccount, principal);
    assertUsable(books, known.debitAccount);
    assertUsable(books, known.creditAccount);
    assertAffordable(books, known);
    return settle(books, known);
  }
  return known;
}

/** Makes sure of the money for the transfer and its charges; what the scheme charges is decided here, once. */
function assertAffordable(books: Books, content: Transfer | TransferRequest['content']): void {
  const given = books.charges(content.id);
  const charges = given.length > 0 ? given : schemeChargesOn(content, books.tariff);
  for (const { debitAccount, creditAccount } of charges) {
    assertUsable(books, debitAccount);
    assertUsable(books, creditAccount);
  }
  assertFunds(books, holdsOf(content, charges));
  if (charges !== given && charges.length > 0) books.charge(content.id, charges);
}

/** Goes as far as the transfer can go once its debit is authorized. */
function settle(books: Books, transfer: Transfer): Transfer {
  if (transfer.executionCondition === null) books.executeAtOnce(transfer);
  else books.prepare(transfer);
  return transfer;
}

function assertIsParty({ content }: TransferRequest, principal: Principal): void {
  const isParty =
    mayActFor(principal, content.debitAccount, Right.Authorize) ||
    mayActFor(principal, content.creditAccount, Right.Reject);
  if (!isParty) throw transferError(TransferErrorCode.Forbidden);
}

function assertMayAuthorize(debitAccount: string, principal: Principal): void {
  if (mayActFor(principal, debitAccount, Right.Authorize)) return;
  throw transferError(TransferErrorCode.Forbidden, { message: 'Invalid attempt to authorize debit' });
}
