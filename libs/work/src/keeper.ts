import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Sweeper, type SweeperOptions } from './sweeper.js';

/**
 * Background work of a role: looks after open states again and again, from the start of the role until it is stopped.
 * A subclass says what one run does.
 */
export abstract class Keeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sweeper: Sweeper;

  constructor(options: Omit<SweeperOptions, 'sweep'>) {
    this.sweeper = new Sweeper({ ...options, sweep: (signal) => this.sweep(signal) });
  }

  onApplicationBootstrap(): void | Promise<void> {
    this.sweeper.start();
  }

  /** There is something to do: it is begun now, and not at the next look. */
  wake(): void {
    void this.sweeper.run();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeper.stop();
  }

  /** One run: a bounded amount of work, looking at the signal between its items. It may throw. */
  protected abstract sweep(signal: AbortSignal): Promise<void>;
}
