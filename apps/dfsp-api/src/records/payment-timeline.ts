import { Injectable } from '@nestjs/common';
import { timelineEntryToJson } from '@level-one/platform';
import { reasonOf, type TimelineEntry, Timelines } from '@level-one/work';
import { type OwnTransfer, OwnTransfers, type TransferMoment } from '../ledger/own-transfers.js';
import { PaymentRecords } from './payment-records.js';
import type { ChannelTimelineDto, ChannelTimelineEntryDto, PaymentDetailsDto } from './records.dto.js';

type Of = ChannelTimelineEntryDto['role'];
type Step = TimelineEntry & { role: Of };

const LEDGER_WORDS: Readonly<Record<TransferMoment, string>> = {
  proposed: 'The transfer was proposed on the ledger; no money is held',
  prepared: 'The money is held on the ledger',
  executed: 'The money has moved on the ledger',
  rejected: 'What was held on the ledger is free again; no money has moved',
};

/** States of rows that follow what the ledger did, and so come after it at equal times. */
const AFTER_PREPARED = new Set(['prepared', 'approved']);
const AFTER_THE_END = new Set(
  'executed rejected expired failed used confirmed released paid cancelled delivered withdrawn'.split(' '),
);
const ENDED_WITHOUT_MONEY = new Set(['rejected', 'expired', 'failed']);

/** What happened to a payment, for the channel: this DFSP's rows of it, and its transfer on the own ledger. */
@Injectable()
export class PaymentTimeline {
  constructor(
    private readonly records: PaymentRecords,
    private readonly timelines: Timelines,
    private readonly transfers: OwnTransfers,
  ) {}

  /** @throws ContractError 404 NotFoundError */
  async readTimeline(paymentId: string): Promise<ChannelTimelineDto> {
    const payment = await this.records.readPayment(paymentId);
    const missing: ChannelTimelineDto['missing'] = [];
    const [{ entries }, transfer] = await Promise.all([
      this.timelines.readTimeline(paymentId),
      this.transfers.findTransfer(paymentId).catch((error: unknown) => {
        missing.push({ what: 'the transfer on the own ledger', reason: reasonOf(error).errorId });
        return undefined;
      }),
    ]);
    const own = entries.map((entry): Step => ({ ...entry, detail: detailFor(entry, payment), role: 'dfsp-api' }));
    const steps = inOrder([...own, ...stepsOf(paymentId, transfer)]);
    return {
      paymentId,
      state: payment.state,
      entries: steps.map((step) => Object.assign(timelineEntryToJson(step), { role: step.role })),
      ...(missing.length > 0 && { missing }),
    };
  }
}

/** The channel reads why a payment ended as the payment says it, and not what others wrote. */
function detailFor({ state, detail, id }: TimelineEntry, payment: PaymentDetailsDto): string | null {
  if (id !== payment.paymentId || state === null || !ENDED_WITHOUT_MONEY.has(state)) return detail;
  const reason = [payment, payment.payeeSide].find((side) => String(side?.state) === state)?.reason;
  return detail !== null && reason ? reason.message : null;
}

function stepsOf(id: string, transfer: OwnTransfer | undefined): Step[] {
  if (!transfer) return [];
  return Object.entries(transfer.times).map(([moment, at]) => ({
    at,
    kind: transfer.state === 'expired' && moment === 'rejected' ? 'sweep' : 'state',
    of: 'transfer',
    what: LEDGER_WORDS[moment as TransferMoment],
    state: moment,
    id,
    detail: transfer.state === 'expired' && moment === 'rejected' ? 'its time was over' : null,
    role: 'dfsp-ledger',
  }));
}

/** By time, and at equal times by the order of the flow. */
function inOrder(steps: readonly Step[]): Step[] {
  return steps.toSorted((a, b) => a.at.getTime() - b.at.getTime() || placeOf(a) - placeOf(b));
}

function placeOf({ role, state }: Step): number {
  const isOfLedger = role === 'dfsp-ledger';
  if (AFTER_THE_END.has(state ?? '')) return isOfLedger ? 3 : 4;
  if (AFTER_PREPARED.has(state ?? '')) return isOfLedger ? 1 : 2;
  return 0;
}
