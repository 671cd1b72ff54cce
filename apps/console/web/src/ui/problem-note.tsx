import { Alert, Button, Group, Spoiler, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useProblem } from './use-problem';

/** Says what went wrong and what to do; with a button if it can be tried again. */
export function ProblemNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const problem = useProblem()(error);
  return (
    <Alert color="red" variant="light" radius="md" role="alert" title={problem.what}>
      <Stack gap="xs">
        <Text size="sm">{problem.todo}</Text>
        <Spoiler maxHeight={0} showLabel={t('common.details')} hideLabel={t('common.close')} fz="xs">
          <Text size="xs" className="mono" style={{ overflowWrap: 'anywhere' }}>
            {problem.detail}
          </Text>
        </Spoiler>
        {retry && (
          <Group>
            <Button size="xs" variant="default" onClick={retry}>
              {t('common.retry')}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
