import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { InvoiceErrorId } from '@level-one/invoice';
import { SpspClientProxyClient } from '@level-one/peers';
import { RoleLogger, RowKeeper } from '@level-one/platform';
import { isRefusal, pauseAfter } from '@level-one/work';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { type Notice, NoticeKind } from './notice.entity.js';
import { NoticesRepository } from './notices.repository.js';

const BATCH = 20;
const BACKOFF_MS_MAX = 60 * 60 * 1_000;
const ERROR_LENGTH_MAX = 512;
/** Tried again: the DFSP or its client may be registered later. */
const MAY_COME_TO_BE = new Set([403, 404]);

/** Delivers notices: the first attempt at once, further ones with growing pauses, until `NOTICE_ATTEMPTS_MAX`. */
@Injectable()
export class NoticeSender extends RowKeeper<Notice> {
  constructor(
    private readonly notices: NoticesRepository,
    private readonly proxy: SpspClientProxyClient,
    private readonly settings: DfspApiSettings,
    private readonly logger: RoleLogger,
  ) {
    super({ name: 'notices', intervalMs: settings.sweepIntervalMs, logger, traceIdOf: ({ traceId }) => traceId });
  }

  /** Makes the first attempt for a new notice. Does not throw if it fails: the notice is tried again later. */
  sendNow(notice: Notice): Promise<void> {
    return this.attemptDelivery(notice);
  }

  protected takeDue(now: Date): Promise<Notice[]> {
    return this.notices.takeDue(now, BATCH);
  }

  protected lookAfter(notice: Notice): Promise<void> {
    return this.attemptDelivery(notice);
  }

  private async attemptDelivery(notice: Notice): Promise<void> {
    const { invoiceId, invoiceUrl, submissionUrl, senderIdentifier, memo } = notice;
    try {
      await this.proxy.postInvoice({ invoiceId, invoiceUrl, submissionUrl, senderIdentifier, memo });
    } catch (error) {
      if (!isAlreadyUnknown(notice, error)) return this.noteFailure(notice, error);
    }
    await this.notices.markDelivered(notice);
  }

  private async noteFailure(notice: Notice, error: unknown): Promise<void> {
    const { id, status, message } = contractError(error);
    const text = `${id}: ${message}`.slice(0, ERROR_LENGTH_MAX);
    const isRefused = isRefusal(error) && !MAY_COME_TO_BE.has(status);
    const isLast = isRefused || notice.attempts >= this.settings.noticeAttemptsMax;
    const pauseMs = pauseAfter(notice.attempts, { firstMs: this.settings.noticeBackoffMs, maxMs: BACKOFF_MS_MAX });
    await this.notices.recordFailure(notice.id, text, isLast ? undefined : new Date(Date.now() + pauseMs));
    const line = { notice: notice.id, kind: notice.kind, invoiceId: notice.invoiceId, attempts: notice.attempts };
    this.logger.warn({ ...line, id, givenUp: isLast }, 'an invoice notice was not delivered');
  }
}

/** Whether a cancellation is refused because the other DFSP has no such notification: then it is done. */
function isAlreadyUnknown(notice: Notice, error: unknown): boolean {
  return (
    notice.kind === NoticeKind.Cancelled &&
    error instanceof ContractError &&
    error.id === InvoiceErrorId.NotificationNotFound
  );
}

function contractError(error: unknown): { id: string; status: number; message: string } {
  return error instanceof ContractError ? error : { id: 'InternalServerError', status: 500, message: String(error) };
}
