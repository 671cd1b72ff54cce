import { Injectable } from '@nestjs/common';
import type { ContractError } from '@level-one/errors';
import { joinAddress, rejectionMessage } from '@level-one/ilp';
import type { WireTransfer } from '@level-one/peers';
import { CommonErrorId, RoleLogger } from '@level-one/platform';
import { isRefusal } from '@level-one/work';
import type { Crossing } from './crossings.js';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { LostClaims } from './lost-claims.js';
import { idOf } from './transfer-side.js';

const INVALID_BODY: string = CommonErrorId.InvalidBody;
const REASON_NOT_TAKEN = 'rejected by the next ledger, with a reason that this ledger does not take';

/**
 * Ends a source as the transfer behind it ended. What is done follows from a final state of that transfer alone, so it
 * may be repeated, in any order, and by several instances at once: nothing is both claimed and rejected.
 */
@Injectable()
export class SourceEnds {
  private readonly address: string;

  constructor(
    settings: IlpConnectorSettings,
    private readonly lost: LostClaims,
    private readonly logger: RoleLogger,
  ) {
    this.address = joinAddress(settings.ilpPrefix, settings.ledgerName);
  }

  /**
   * @param fulfillment that the next transfer was executed with, if it was told.
   * @returns false while the next transfer is open.
   * @throws ContractError 5xx while a ledger does not answer: to be repeated
   */
  async endAs(crossing: Crossing, next: WireTransfer, fulfillment?: unknown): Promise<boolean> {
    // Without a condition nothing was forwarded.
    if (!next.execution_condition) return false;
    if (next.state === 'executed') {
      const told = typeof fulfillment === 'string' ? fulfillment : await crossing.to.fulfillment(idOf(next));
      await this.claim(crossing, next, told);
      return true;
    }
    if (next.state !== 'rejected') return false;
    await this.reject(crossing, idOf(next), this.reasonOf(next));
    return true;
  }

  /**
   * Rejects a source that nothing was, or will be, executed for. A reason that its ledger does not take, because the next
   * ledger allows longer ones, does not keep the money held: then a reason of this connector is told.
   * @throws ContractError 5xx: to be repeated
   */
  async reject(crossing: Crossing, id: string, reason: object): Promise<void> {
    const refusal = await this.tryToReject(crossing, id, reason);
    if (!refusal || !isOfReason(refusal)) return;
    await this.tryToReject(crossing, id, this.rejection({ code: 'F99', message: REASON_NOT_TAKEN }));
  }

  /** @returns why the ledger does not take it @throws ContractError 5xx: to be repeated */
  private async tryToReject(crossing: Crossing, id: string, reason: object): Promise<ContractError | undefined> {
    try {
      await crossing.from.reject(crossing.reject, id, reason);
      return undefined;
    } catch (err) {
      if (!isRefusal(err)) throw err;
      // It has ended already, or the reason is not taken.
      this.logger.info({ err, transferId: id, hop: crossing.reject }, 'A rejection was not taken');
      return err;
    }
  }

  /** A rejection in this connector's name. */
  rejection(cause: {
    code: Parameters<typeof rejectionMessage>[0]['code'];
    message: string;
    info?: Record<string, unknown>;
  }): object {
    const { code, message, info } = cause;
    return rejectionMessage({
      code,
      message,
      triggeredBy: this.address,
      triggeredAt: new Date(),
      ...(info && { additionalInfo: info }),
    });
  }

  private reasonOf({ credits, rejection_reason: reason }: WireTransfer): object {
    const told = credits[0]?.rejection_message;
    if (told) return told;
    if (reason === 'expired') return this.rejection({ code: 'R00', message: reason });
    return { message: reason ?? 'rejected' };
  }

  /** Fulfils the source with what the next transfer was fulfilled with: not succeeding costs money. */
  private async claim(crossing: Crossing, next: WireTransfer, fulfillment: string): Promise<void> {
    const id = idOf(next);
    try {
      await crossing.from.fulfil(crossing.fulfil, id, fulfillment);
    } catch (err) {
      if (!isFinal(err)) throw err;
      const amount = sourceAmountOf(next);
      if (amount === undefined) return;
      if (!(await this.lost.keep({ ledger: crossing.name, transferId: id, amount, fulfillment }))) return;
      this.logger.error(
        { err, transferId: id, hop: crossing.fulfil, ledger: crossing.name, amount },
        'Paid forward but could not claim in time; it is filed as a late claim',
      );
    }
  }
}

/** An account that is disabled for a while is refused with 403. */
function isFinal(error: unknown): boolean {
  return isRefusal(error) && error.status !== 403;
}

/** Amount of the source, as the connector noted it; undefined for a transfer that it did not forward. */
function sourceAmountOf(next: WireTransfer): string | undefined {
  const memo = next.debits[0]?.memo;
  const amount = memo?.['source_transfer_amount'];
  return memo?.['source_transfer_id'] === idOf(next) && typeof amount === 'string' ? amount : undefined;
}

/** Whether a ledger did not take the reason of a rejection. A transfer that has ended is 400, too, with another id. */
function isOfReason({ status, id }: ContractError): boolean {
  return status === 413 || id === INVALID_BODY;
}
