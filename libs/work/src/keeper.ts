import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { Sweeper, type SweeperOptions } from './sweeper.js';
import type { WorkRecord, Working } from './work-record.js';

/** Background work of a role that follows open states, from start to stop. A subclass implements one run. */
export abstract class Keeper implements OnApplicationBootstrap, BeforeApplicationShutdown, Working {
  private readonly sweeper: Sweeper;

  constructor(options: Omit<SweeperOptions, 'sweep'>) {
    this.sweeper = new Sweeper({ ...options, sweep: (signal) => this.sweep(signal) });
  }

  get work(): readonly WorkRecord[] {
    return [this.workRecord];
  }

  onApplicationBootstrap(): void | Promise<void> {
    this.sweeper.start();
  }

  /** Starts a run now instead of at the next interval. */
  runNow(): void {
    void this.sweeper.run();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sweeper.stop();
  }

  protected get workRecord(): WorkRecord {
    return this.sweeper.record;
  }

  /** One run: a limited amount of work that checks the signal between its items. It may throw. */
  protected abstract sweep(signal: AbortSignal): Promise<void>;
}
