import { setTimeout as sleep } from 'node:timers/promises';
import { type DemoClient, printLine } from './demo-client.js';
import { causalOrder, type NetworkHop } from '../pages/hop-log.js';

/** A step has ended when no hop ended for this long: frames and notices arrive after its answer. */
const QUIET_MS = 200;
/** Maximum of waits: background work of the network may go on for ever. */
const QUIET_TRIES_MAX = 15;

/** Collects the hops of a demo, and prints them step by step. */
export class StepHops {
  private readonly stopping = new AbortController();
  private ended: NetworkHop[] = [];
  private failure: Error | undefined;

  /** Opens the stream of hops. @throws Error if the network does not stream hops */
  static async openStream(network: DemoClient): Promise<StepHops> {
    const hops = new StepHops();
    await new Promise<void>((open, fail) => {
      hops.collectHops(network, open).catch((error: Error) => {
        if (!hops.stopping.signal.aborted) hops.failure = error;
        fail(error);
      });
    });
    return hops;
  }

  /** Prints the hops since the last call, each one before those that it caused. */
  async printHops(): Promise<void> {
    await this.waitUntilQuiet();
    if (this.failure) throw this.failure;
    for (const hop of causalOrder(this.ended)) printLine(hopLine(hop));
    this.ended = [];
  }

  stop(): void {
    this.stopping.abort();
  }

  private async collectHops(network: DemoClient, isOpen: () => void): Promise<void> {
    for await (const hop of network.streamHops(this.stopping.signal, isOpen)) {
      if (!hop.hop.startsWith('support-')) this.ended.push(hop);
    }
  }

  private async waitUntilQuiet(): Promise<void> {
    for (let tries = 0, seen = -1; tries < QUIET_TRIES_MAX && seen !== this.ended.length; tries++) {
      seen = this.ended.length;
      await sleep(QUIET_MS);
    }
  }
}

function nameOf(role: string, dfsp: string | null): string {
  return dfsp ? `${dfsp} ${role}` : role;
}

function outcomeOf({ method, status, durationMs }: NetworkHop): string {
  if (method === 'WS') return 'frame';
  return status === null ? 'asked' : `${status} ${durationMs.toFixed(1).padStart(7)} ms`;
}

function hopLine(hop: NetworkHop): string {
  const ends = `${nameOf(hop.from, hop.fromDfsp)} → ${nameOf(hop.to, hop.toDfsp)}`;
  return `  ${hop.hop.padEnd(8)} ${ends.padEnd(52)} ${hop.method.padEnd(4)} ${hop.path}  ${outcomeOf(hop)}`;
}
