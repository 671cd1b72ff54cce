import { Badge, Code, Group, ScrollArea, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { type Arrow, wayOf } from './arrows';
import { useHopWords } from './use-hop-words';
import { formatBody, formatMs, isFailed } from './words';

/** What a step is about: why it is there, what happens if it fails, and what was sent. */
export function HopDetail({ arrow }: { arrow: Arrow }) {
  const { t } = useTranslation();
  const words = useHopWords()(arrow.hop);
  return (
    <Stack gap="sm" p="md" role="region" aria-label={`${t('diagram.hop')} ${arrow.hop ?? arrow.path}`}>
      <div>
        <Group gap="xs" mb={4}>
          {arrow.hop && (
            <Badge variant="filled" radius="sm" tt="none">
              {arrow.hop}
            </Badge>
          )}
          <Text fw={650}>{words?.what ?? arrow.path}</Text>
        </Group>
        <Text size="sm" c="dimmed" className="figures">
          {wayOf(arrow)}
        </Text>
        <Text size="sm" className="mono" style={{ overflowWrap: 'anywhere' }}>
          {arrow.method} {arrow.path}
        </Text>
        <Text size="sm" className="figures" c={isFailed(arrow) ? 'var(--bad)' : 'dimmed'}>
          {arrow.isFrame ? t('diagram.frame') : (arrow.status ?? t('diagram.noAnswer'))} · {formatMs(arrow.durationMs)}
          {arrow.error ? ` · ${arrow.error}` : ''}
        </Text>
      </div>
      {words && (
        <>
          <Passage title={t('diagram.why')} text={words.why} />
          <Passage title={t('diagram.fails')} text={words.fails} />
        </>
      )}
      <Body title={t('diagram.requestBody')} text={arrow.requestBody} />
      <Body title={t('diagram.responseBody')} text={arrow.responseBody} />
      {!arrow.requestBody && !arrow.responseBody && (
        <Text size="xs" c="dimmed">
          {t('diagram.noBody')}
        </Text>
      )}
      {(arrow.requestBody ?? arrow.responseBody) && (
        <Text size="xs" c="dimmed">
          {t('diagram.redacted')}
        </Text>
      )}
    </Stack>
  );
}

function Passage({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <Text size="xs" fw={650} c="dimmed">
        {title}
      </Text>
      <Text size="sm">{text}</Text>
    </div>
  );
}

function Body({ title, text }: { title: string; text: string | null }) {
  if (!text) return null;
  return (
    <div>
      <Text size="xs" fw={650} c="dimmed" mb={4}>
        {title}
      </Text>
      <ScrollArea.Autosize mah={260} type="auto" viewportProps={{ tabIndex: 0, 'aria-label': title }}>
        <Code block fz="xs">
          {formatBody(text)}
        </Code>
      </ScrollArea.Autosize>
    </div>
  );
}
