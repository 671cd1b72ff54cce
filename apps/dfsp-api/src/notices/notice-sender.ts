import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { InvoiceErrorId, InvoiceRepository, invoiceStatusAt, InvoiceStatus } from '@level-one/invoice';
import { SpspClientProxyClient } from '@level-one/peers';
import { type Delivered, DeliveryKeeper, type FailureKind, Health, RoleLogger, withTrace } from '@level-one/platform';
import { deadlineFrom, type DeliveryFailure, isRefusal } from '@level-one/work';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { type Notice, NoticeKind } from './notice.entity.js';
import { NoticesRepository } from './notices.repository.js';
import { RefusedRejections } from './refused-rejections.js';

/** Tried again: the DFSP or its client may be registered later. */
const MAY_COME_TO_BE = new Set([403, 404]);

/** Delivers notices: the first attempt at once, further ones with growing pauses, until their deadline. */
@Injectable()
export class NoticeSender extends DeliveryKeeper<Notice> {
  constructor(
    private readonly notices: NoticesRepository,
    private readonly invoices: InvoiceRepository,
    private readonly rejections: RefusedRejections,
    private readonly proxy: SpspClientProxyClient,
    private readonly settings: DfspApiSettings,
    logger: RoleLogger,
    health: Health,
  ) {
    const traceIdOf = ({ traceId }: Notice): string => traceId;
    super({ name: 'notices', intervalMs: settings.sweepIntervalMs, logger, traceIdOf }, settings);
    health.registerDetail('undeliverable', () => notices.countUndeliverable());
  }

  /** Makes the first attempt for a new notice. Does not throw if it fails: the notice is tried again later. */
  sendNow(notice: Notice): Promise<void> {
    return this.attemptNow(notice);
  }

  /** Makes another attempt for a notice whose last one failed, and tries it until a new deadline. False if it is none. */
  async sendAgain(id: string): Promise<boolean> {
    const notice = await this.notices.takeAgain(id, deadlineFrom(new Date(), this.settings));
    if (!notice) return false;
    await withTrace({ traceId: notice.traceId }, () => this.attempt(notice));
    return true;
  }

  /** Makes the oldest undeliverable notices due, and tries them until a new deadline. @returns how many */
  async sendAllAgain(limit: number): Promise<number> {
    const count = await this.notices.takeAllAgain(limit, deadlineFrom(new Date(), this.settings));
    this.runNow();
    return count;
  }

  protected takeDue(now: Date): Promise<Notice[]> {
    return this.notices.takeDue(now);
  }

  protected async send(notice: Notice): Promise<void> {
    const { invoiceId, invoiceUrl, submissionUrl, senderIdentifier, memo } = notice;
    try {
      await this.proxy.postInvoice({ invoiceId, invoiceUrl, submissionUrl, senderIdentifier, memo });
    } catch (error) {
      if (!isAlreadyUnknown(notice, error)) throw error;
    }
  }

  protected describe({ id, kind, invoiceId, attempts, createdAt, deadlineAt }: Notice): Delivered {
    const deadline = deadlineAt ?? deadlineFrom(createdAt, this.settings);
    return { id, attempts, deadline, logged: { notice: id, kind, invoiceId } };
  }

  protected override async judge(notice: Notice, error: unknown): Promise<FailureKind> {
    if (notice.kind === NoticeKind.Issued && (await this.isOver(notice))) return 'needless';
    if (!isRefusal(error)) return 'passing';
    if (notice.kind === NoticeKind.Rejected) return this.rejections.judge(notice);
    return MAY_COME_TO_BE.has(error.status) ? 'passing' : 'final';
  }

  protected recordDelivered(notice: Notice): Promise<void> {
    return this.notices.markDelivered(notice);
  }

  protected override recordDeliveredWithOthers(notice: Notice): Promise<void> {
    return this.notices.markDeliveredWithOthers(notice);
  }

  protected override recordNeedless({ id }: Notice): Promise<void> {
    return this.notices.withdrawNotice(id);
  }

  protected recordFailure({ id }: Notice, failure: DeliveryFailure): Promise<void> {
    return this.notices.recordFailure(id, failure);
  }

  /** Whether the invoice has ended, so that its client need not be told that it was issued. */
  private async isOver({ invoiceId }: Notice): Promise<boolean> {
    const invoice = await this.invoices.findInvoice(invoiceId);
    if (!invoice) return false;
    const status = invoiceStatusAt(invoice, new Date());
    return status !== InvoiceStatus.Pending && status !== InvoiceStatus.Approved;
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
