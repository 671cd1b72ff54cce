import { isIlpAddress } from '@level-one/ilp';
import { CANCELLED, type JsonObject, type Transfer, type TransferJson } from '@level-one/transfer';

/**
 * A transfer as Five Bells clients can read it in a notification: they hold it against a closed schema, and drop
 * without a word what does not fit: whoever rejects does so for the reason
 * `cancelled`, and says why in a `rejection_message` that has every member of an ILP error.
 *
 * @param ilpPrefix of the ledger, ending in a dot; where there is none, it is not known who rejected.
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

/** What the rejecting party left out is filled in; what it said stays. */
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
