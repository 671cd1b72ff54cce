import { stateTimes, type TimelineSource } from '@level-one/work';

/** Times of notices to other DFSPs. @param rows `SELECT` of notices of the payment `$1` */
export function noticeTimeline(rows: string): TimelineSource {
  return {
    of: 'notice',
    rows,
    id: 'row.id',
    times: stateTimes({
      state: 'status',
      since: 'created_at',
      words: {
        pending: 'The other DFSP has to be notified about the invoice',
        delivered: 'The other DFSP was notified about the invoice',
        undeliverable: 'The notice about the invoice could not be delivered; it is not tried again by itself',
        withdrawn: 'The notice about the invoice is not needed any more',
      },
      detail: 'row.kind',
      attempt: { kind: 'retry', what: 'The notice about the invoice is tried again' },
    }),
  };
}
