// @ts-check
/** Measures notifications to a subscriber, in the load process. */
import { runHttpLoad } from './http-load.mjs';
import { summaryOf } from '../../shared/measure/statistics.mjs';
import { Subscriber, within } from './subscriber.mjs';

const ARRIVAL_TIMEOUT_MS = 10_000;
const REPLAY_TIMEOUT_MS = 300_000;

/**
 * Runs load over HTTP with a subscriber. Adds the time from sending each prepare to the arrival of its
 * `transfer.create`.
 */
export async function runNotifiedLoad(job) {
  const sentAt = new Map();
  const latencies = [];
  const arrivals = arrivalsOf(sentAt);
  const subscriber = await Subscriber.open(job.ledger, job.tokens.subscribe, ({ event, transferId }) => {
    const sent = event === 'transfer.create' ? sentAt.get(transferId) : undefined;
    if (sent === undefined) return;
    latencies.push(performance.now() - sent);
    sentAt.delete(transferId);
    arrivals.check();
  });
  try {
    await subscriber.subscribe();
    const load = runHttpLoad(job, (id) => sentAt.set(id, performance.now()));
    const measured = await Promise.race([load, subscriber.broken]);
    await within(ARRIVAL_TIMEOUT_MS, 'the last notification', [arrivals.all(), subscriber.broken]);
    return { ...measured, notification: summaryOf(latencies) };
  } finally {
    subscriber.close();
  }
}

/** Matches sent transfers with their notifications; `all` waits until every transfer has one. */
function arrivalsOf(sentAt) {
  let whenAll;
  return {
    check: () => {
      if (sentAt.size === 0) whenAll?.();
    },
    all: async () => {
      if (sentAt.size === 0) return;
      await new Promise((resolve) => {
        whenAll = resolve;
      });
    },
  };
}

/**
 * Resumes a subscription after `resumeFrom`; each of the `missed` events must come, in order.
 * @param {{ ledger: string, tokens: { subscribe: string }, resumeFrom: number, missed: number }} job
 */
export async function runReplay({ ledger, tokens, resumeFrom, missed }) {
  let sequence = resumeFrom;
  let finish;
  let fail;
  const done = new Promise((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const subscriber = await Subscriber.open(ledger, tokens.subscribe, (heard) => {
    if (heard.sequence !== sequence + 1) fail(new Error(`event ${heard.sequence} came after event ${sequence}`));
    sequence = heard.sequence;
    if (sequence === resumeFrom + missed) finish();
  });
  try {
    const start = performance.now();
    await subscriber.subscribe({ resumeFrom });
    await within(REPLAY_TIMEOUT_MS, 'the last missed event', [done, subscriber.broken]);
    return { events: missed, seconds: (performance.now() - start) / 1_000 };
  } finally {
    subscriber.close();
  }
}
