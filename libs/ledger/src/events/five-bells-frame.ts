import { isIlpAddress } from '@level-one/ilp';
import { CANCELLED, type JsonObject, type Transfer } from '@level-one/transfer';
import type { TransferJson } from './transfer-json.js';

/**
 * A transfer in a notification as Five Bells clients accept it. They check it against a closed schema and drop frames
 * that do not fit. So the rejection reason of a party is `cancelled`, and `rejection_message` has every member of an
 * ILP error.
 *
 * @param ilpPrefix of the ledger, ending in a dot. Without it `triggered_by` is unknown.
 */
export function toFiveBellsFrame(
  transfer: Transfer,
  json: TransferJson,
  ilpPrefix: string | undefined,
): Record<string, unknown> {
  const { rejectionMessage } = transfer;
  if (rejectionMessage === null) return { ...json };
  return { ...withRejection(json, completed(rejectionMessage, transfer, ilpPrefix)) };
}

function withRejection(json: TransferJson, message: JsonObject): object {
  return { ...json, rejection_reason: CANCELLED, credits: [{ ...json.credits[0], rejection_message: message }] };
}

/** Adds the members that the rejecting party left out; those it sent stay. */
function completed(message: JsonObject, { creditAccount }: Transfer, ilpPrefix: string | undefined): JsonObject {
  return {
    code: 'F99',
    name: 'Application Error',
    ...(ilpPrefix !== undefined && { triggered_by: addressOf(creditAccount, ilpPrefix) }),
    additional_info: {},
    ...message,
  };
}

/** If prefix + name is no valid ILP address, the ledger's own address is used. */
function addressOf(account: string, ilpPrefix: string): string {
  const address = ilpPrefix + account;
  return isIlpAddress(address) ? address : ilpPrefix.replace(/\.$/, '');
}
