import { collectDefaultMetrics, Registry } from 'prom-client';
import type { RoleMetrics } from './role-metrics.js';

/**
 * Metrics of a process, which hosts one role or many: processor time, memory, event loop, garbage. They are exported once,
 * by the first role of the process, with the label `process`: the name of what runs.
 */
export class ProcessMetrics {
  private readonly registry = new Registry();
  private isExported = false;

  /** @param name the role, or `network` for a process with many. */
  constructor(private readonly name: string) {}

  /** Exports them with the metrics of this role, unless another role of the process does. */
  exportWith(metrics: RoleMetrics): void {
    if (this.isExported) return;
    this.isExported = true;
    this.registry.setDefaultLabels({ process: this.name });
    collectDefaultMetrics({ register: this.registry });
    metrics.include(this.registry);
  }
}
