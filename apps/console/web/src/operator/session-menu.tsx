import { Button, Menu, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { useSession } from '../api/network';
import { request } from '../api/request';

/** Who uses the console; in the demo it can be somebody else, so that a second person can approve. */
export function SessionMenu() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const { data: session } = useSession();
  const change = useMutation({
    mutationFn: (name: string | null) =>
      name === null
        ? request('/api/session', { method: 'DELETE' })
        : request('/api/session', { method: 'POST', body: { name, password: name } }),
    onSuccess: () => queries.invalidateQueries(),
  });
  if (!session) return null;
  const { user, mode, demoUsers = [] } = session;
  if (!user) {
    return (
      <Button variant="default" onClick={() => navigate('/operator')}>
        {t('operator.signIn')}
      </Button>
    );
  }
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          h={34}
          fw={500}
          maw={{ base: '7rem', sm: '14rem' }}
          aria-label={t('operator.user', { name: user.name })}
        >
          {user.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="xs">{t(`operator.role.${user.role}`)}</Text>
          {mode === 'demo' && (
            <Text size="xs" maw={220}>
              {t('app.demoUser')}
            </Text>
          )}
        </Menu.Label>
        {demoUsers
          .filter((name) => name !== user.name)
          .map((name) => (
            <Menu.Item key={name} onClick={() => change.mutate(name)}>
              {t('operator.become', { name })}
            </Menu.Item>
          ))}
        {mode === 'operator' && <Menu.Item onClick={() => change.mutate(null)}>{t('operator.signOut')}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
