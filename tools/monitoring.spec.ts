import { describe, expect, it } from '@jest/globals';
import { type MetricDefinition, METRICS, ProcessMetrics, RoleIdentity, RoleMetrics } from '@level-one/platform';
import { load } from 'js-yaml';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { demoPlan } from '../apps/network/src/plan/demo-plan.js';

const ROOT = dirname(import.meta.dirname);
const MONITORING = join(ROOT, 'docker', 'monitoring');
const DASHBOARDS = join(MONITORING, 'dashboards');
const TABLE: Readonly<Record<string, MetricDefinition>> = METRICS;

/** A name that may be a metric: at least two parts, as all of ours have. */
const NAME = /\b(?:levelone|process|nodejs)_[a-z0-9_]+\b/g;
const SUFFIX = /_(bucket|sum|count)$/;
/** Labels in a selector or a grouping. */
const LABELS = /\b(?:by|on|without) \(([^)]*)\)|\b(\w+)(?:=~|!~|!=|=)"/g;
/** Labels that Prometheus, the process or a template add. */
const OTHER_LABELS = new Set(['job', 'instance', 'le', 'role', 'dfsp', 'alertname', 'process']);

interface Rule {
  alert: string;
  expr: string;
  annotations: { summary: string; runbook_url: string };
  labels: { severity: string };
}

interface Panel {
  title: string;
  targets: { expr: string; legendFormat: string }[];
}

interface Dashboard {
  uid: string;
  title: string;
  templating: { list: { name: string; query: string }[] };
  panels: Panel[];
}

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

const { groups } = load(read(MONITORING, 'alerts.yml')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

const dashboards = readdirSync(DASHBOARDS).map((file) => ({
  file,
  dashboard: JSON.parse(read(DASHBOARDS, file)) as Dashboard,
}));

async function readNames(): Promise<Set<string>> {
  const metrics = new RoleMetrics(new RoleIdentity('dfsp-api', 'dfsp1'));
  new ProcessMetrics('network').exportWith(metrics);
  const typed = Array.from((await metrics.expose()).matchAll(/^# TYPE (\S+)/gm), ([, name = '']) => name);
  return new Set([...typed, ...Object.keys(TABLE)]);
}

let names: Promise<Set<string>> | undefined;

/** Read once: each look at the process goes on in the background. */
function exportedNames(): Promise<Set<string>> {
  return (names ??= readNames());
}

function namesIn(expression: string): string[] {
  return Array.from(expression.matchAll(NAME), ([name]) => name);
}

/** Labels that an expression uses and none of its metrics has. */
function unknownLabels(expression: string): string[] {
  const known = new Set(namesIn(expression).flatMap((name) => TABLE[name.replace(SUFFIX, '')]?.labels ?? []));
  const used = Array.from(expression.matchAll(LABELS), ([, grouped, selected]) => grouped ?? selected ?? '');
  const labels = used.flatMap((list) => list.split(',').map((label) => label.trim()));
  return labels.filter((label) => label !== '' && !known.has(label) && !OTHER_LABELS.has(label));
}

describe.each(rules)('alert $alert', ({ alert, expr, annotations, labels }) => {
  it('uses only metrics that the roles export, with labels that they have', async () => {
    const exported = await exportedNames();
    expect(namesIn(expr).filter((name) => !exported.has(name.replace(SUFFIX, '')))).toEqual([]);
    expect(unknownLabels(expr)).toEqual([]);
    expect(namesIn(expr).length + (expr.includes('up{') ? 1 : 0)).toBeGreaterThan(0);
  });

  it('says how bad it is, and has its own part of docs/monitoring.md', () => {
    expect(['critical', 'warning', 'info']).toContain(labels.severity);
    expect(annotations.runbook_url).toBe(`docs/monitoring.md#${alert.toLowerCase()}`);
    expect(read(ROOT, 'docs', 'monitoring.md')).toContain(`\n### ${alert}\n`);
  });

  it('is tried with made-up values', () => {
    expect(read(MONITORING, 'alerts.test.yml')).toContain(`alertname="${alert}"`);
  });
});

describe.each(dashboards)('dashboard $file', ({ dashboard }) => {
  const expressions = dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ title, expr })));

  it.each(expressions)('$title: $expr uses only metrics and labels that exist', async ({ expr }) => {
    const exported = await exportedNames();
    expect(namesIn(expr).filter((name) => !exported.has(name.replace(SUFFIX, '')))).toEqual([]);
    expect(unknownLabels(expr)).toEqual([]);
  });

  it('names each of its variables, and only labels of its series in legends', () => {
    const defined = new Set(dashboard.templating.list.map(({ name }) => `$${name}`));
    const used = expressions.flatMap(({ expr }) => expr.match(/\$[a-z]+\b/g) ?? []);
    expect(used.filter((name) => !defined.has(name))).toEqual([]);
    for (const { targets } of dashboard.panels) {
      for (const { expr, legendFormat } of targets) {
        const told = Array.from(legendFormat.matchAll(/\{\{(\w+)\}\}/g), ([, label]) => label);
        expect([expr, told.filter((label) => unknownLabels(`${expr} by (${label})`).length > 0)]).toEqual([expr, []]);
      }
    }
  });
});

describe('docker/monitoring', () => {
  it('shows every metric of the table in a dashboard or watches it by an alert', () => {
    const shown = dashboards.flatMap(({ dashboard }) => dashboard.panels.flatMap(({ targets }) => targets));
    const texts = [...shown, ...rules].map(({ expr }) => expr);
    const used = new Set(texts.flatMap((text) => namesIn(text)).map((name) => name.replace(SUFFIX, '')));
    expect(Object.keys(TABLE).filter((name) => !used.has(name))).toEqual([]);
  });

  it('asks the console and every role of the demo network', () => {
    const text = read(MONITORING, 'prometheus.yml');
    const targets = Array.from(text.matchAll(/'127\.0\.0\.1:(3\d{3})'/g), ([, port]) => Number(port));
    const { pageUrl, instances } = demoPlan(3000);
    expect(targets).toEqual([Number(new URL(pageUrl).port), ...instances.map(({ port }) => port)]);
  });

  it('has dashboards with ids of their own', () => {
    expect(new Set(dashboards.map(({ dashboard }) => dashboard.uid)).size).toBe(dashboards.length);
    expect(dashboards.map(({ file }) => file)).toEqual([
      'hops.json',
      'ledgers.json',
      'operation.json',
      'payments.json',
    ]);
  });
});
