import '@mantine/charts/styles.css';
import { AreaChart, BarChart, LineChart } from '@mantine/charts';
import { NativeSelect, SimpleGrid, Text, Title } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type ChartPoint, type Charts, useOperator } from '../api/operator';
import { queryString } from '../api/request';
import { EmptyNote } from '../ui/empty-note';
import { Loaded } from '../ui/loading';
import { PageHead } from '../ui/page-head';
import styles from './operator.module.css';

const MINUTE_MS = 60_000;
const SPANS = { hour: 60 * MINUTE_MS, day: 24 * 60 * MINUTE_MS, week: 7 * 24 * 60 * MINUTE_MS };
type SpanName = keyof typeof SPANS;

const COLORS = ['lagoon.6', 'orange.6', 'blue.6', 'red.6', 'gray.6'];
const HEIGHT = 220;

const clockOf = (at: string) =>
  new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(at));

const seriesOf = (points: readonly ChartPoint[]) =>
  [...new Set(points.flatMap((point) => Object.keys(point)))]
    // An account that never moved is no line worth drawing.
    .filter((name) => name !== 'at' && points.some((point) => Number(point[name]) !== 0))
    .map((name, index) => ({ name, color: COLORS[index % COLORS.length]! }));

const withClock = (points: readonly ChartPoint[]) => points.map((point) => ({ ...point, clock: clockOf(point.at) }));

const choose = (span: SpanName) => ({ span, since: new Date(Date.now() - SPANS[span]).toISOString() });

/** How much, how fast, how it ended, and who owes whom, over time. */
export default function ChartsPage() {
  const { t } = useTranslation();
  const [{ span, since }, setChosen] = useState(() => choose('hour'));
  const charts = useOperator<Charts>(`charts${queryString({ since })}`);
  return (
    <>
      <PageHead title={t('operator.nav.charts')} lead={t('operator.lead.charts')}>
        <NativeSelect
          aria-label={t('operator.span')}
          value={span}
          data={(Object.keys(SPANS) as SpanName[]).map((value) => ({ value, label: t(`operator.spans.${value}`) }))}
          onChange={(event) => setChosen(choose(event.currentTarget.value as SpanName))}
        />
      </PageHead>
      <Loaded query={charts}>
        {(data) => (
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <ChartCard title={t('operator.rate')} hasData={data.rate.length > 0}>
              <AreaChart
                h={HEIGHT}
                data={withClock(data.rate)}
                dataKey="clock"
                series={seriesOf(data.rate)}
                withDots={false}
              />
            </ChartCard>
            <ChartCard title={t('operator.latency')} hasData={data.latency.length > 0}>
              <LineChart
                h={HEIGHT}
                data={withClock(data.latency)}
                dataKey="clock"
                series={seriesOf(data.latency)}
                withDots={false}
                withLegend
              />
            </ChartCard>
            <ChartCard title={t('operator.states')} hasData={data.states.length > 0} note={t('operator.statesNote')}>
              <BarChart
                h={HEIGHT}
                data={data.states}
                dataKey="state"
                series={[{ name: 'count', label: t('operator.count'), color: 'lagoon.6' }]}
                yAxisProps={{ allowDecimals: false }}
              />
            </ChartCard>
            <ChartCard title={t('operator.positionsOverTime')} hasData={data.positions.length > 0}>
              <LineChart
                h={HEIGHT}
                data={withClock(data.positions)}
                dataKey="clock"
                series={seriesOf(data.positions)}
                withDots={false}
                withLegend
              />
            </ChartCard>
          </SimpleGrid>
        )}
      </Loaded>
    </>
  );
}

function ChartCard(props: { title: string; hasData: boolean; children: ReactNode; note?: string }) {
  const { title, hasData, children, note } = props;
  const { t } = useTranslation();
  return (
    <section className={`panel ${styles.chart}`} aria-label={title}>
      <Title order={2} size="sm" mb="sm">
        {title}
      </Title>
      {hasData ? children : <EmptyNote title={t('operator.noData')} />}
      {hasData && note !== undefined && (
        <Text size="xs" c="dimmed" mt="xs">
          {note}
        </Text>
      )}
    </section>
  );
}
