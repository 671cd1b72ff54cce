import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RoleIdentity } from '../roles/identity.js';
import { type MetricName, type MetricOf, METRICS } from './metric-table.js';

/** One value of a metric. */
export interface Sample {
  value: number;
  labels?: Readonly<Record<string, string>>;
}

export type Samples = readonly Sample[];

/** Namespace of the roles that belong to no DFSP. */
const CENTRE = 'centre';

function configOf(name: MetricName, registry: Registry) {
  const { help, labels = [] } = METRICS[name];
  return { name, help, labelNames: labels, registers: [registry] };
}

/** The metrics of one role. Roles share a process, so nothing here is global. */
export class RoleMetrics {
  private readonly registry = new Registry();
  /** Further metrics that are exported with those of the role: the process's. */
  private readonly others: { metrics(): Promise<string> }[] = [];

  constructor({ role, dfsp }: RoleIdentity) {
    this.registry.setDefaultLabels({ role, dfsp: dfsp ?? CENTRE });
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  /** The text exposition of all metrics. */
  async expose(): Promise<string> {
    const texts = await Promise.all([this.registry, ...this.others].map((registry) => registry.metrics()));
    return texts.join('\n');
  }

  include(other: { metrics(): Promise<string> }): void {
    this.others.push(other);
  }

  /** @throws Error for a second metric of the same name */
  counter(name: MetricOf<'counter'>): Counter {
    return new Counter(configOf(name, this.registry));
  }

  histogram(name: MetricOf<'histogram'>): Histogram {
    const { buckets } = METRICS[name];
    return new Histogram({ ...configOf(name, this.registry), ...(buckets && { buckets: [...buckets] }) });
  }

  /**
   * A gauge, or a counter that something else keeps, that is read when the metrics are asked for.
   * @param read its values now. While it fails, the metric has none.
   */
  readAs(name: MetricOf<'gauge' | 'counter'>, read: () => Samples | Promise<Samples>): void {
    if (METRICS[name].type === 'counter') {
      const counter: Counter = new Counter({
        ...configOf(name, this.registry),
        collect: () => fill(name, counter, read, ({ labels, value }) => counter.inc(labels ?? {}, value)),
      });
      return;
    }
    const gauge: Gauge = new Gauge({
      ...configOf(name, this.registry),
      collect: () => fill(name, gauge, read, ({ labels, value }) => gauge.set(labels ?? {}, value)),
    });
  }
}

async function fill(
  name: MetricName,
  metric: { reset(): void; remove(): void },
  read: () => Samples | Promise<Samples>,
  set: (sample: Sample) => void,
): Promise<void> {
  let samples: Samples = [];
  try {
    samples = await read();
  } catch {
    // What cannot be read is absent; that the role is not ready, or not up, is another metric.
  }
  metric.reset();
  // A metric without labels would have the value 0.
  if (!METRICS[name].labels) metric.remove();
  for (const sample of samples) set(sample);
}
