import { Button, Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNote } from './problem-note';

/** A query, of one answer or of several pages. */
interface Query<T> {
  data: T | undefined;
  isError: boolean;
  error: Error | null;
  refetch: () => Promise<unknown>;
}

/** What was read, or that it is being read, or why it could not be. */
export function Loaded<T>({ query, children }: { query: Query<T>; children: (data: T) => ReactNode }) {
  const { t } = useTranslation();
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <ProblemNote error={query.error} retry={() => void query.refetch()} />;
  return (
    <Stack aria-label={t('common.loading')} aria-busy>
      <Skeleton h={28} w="40%" />
      <Skeleton h={120} />
    </Stack>
  );
}

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => Promise<unknown>;
}

/** Reads on in a list, as long as there is more of it. */
export function MoreButton({ pages }: { pages: Pages }) {
  const { t } = useTranslation();
  if (!pages.hasNextPage) return <></>;
  return (
    <Button mt="md" variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>
      {t('common.more')}
    </Button>
  );
}
