import { Button, PasswordInput, Stack, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { request, RequestError } from '../api/request';
import { ProblemNote } from '../ui/problem-note';
import styles from './operator.module.css';

/** Name and password of an operator. */
export function SignIn() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => request('/api/session', { method: 'POST', body: { name, password } }),
    onSuccess: () => queries.invalidateQueries(),
  });
  return (
    <section className={`panel ${styles.signIn}`} aria-label={t('operator.signIn')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        <Stack>
          <Title order={1} size="h3">
            {t('operator.signIn')}
          </Title>
          <TextInput
            label={t('operator.name')}
            value={name}
            autoComplete="username"
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('operator.password')}
            value={password}
            autoComplete="current-password"
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          {signIn.isError && <ProblemNote error={withWords(signIn.error)} />}
          <Button type="submit" loading={signIn.isPending} disabled={name === '' || password === ''}>
            {t('operator.signIn')}
          </Button>
        </Stack>
      </form>
    </section>
  );
}

/** Here 401 does not say that a session has ended. */
const withWords = (error: Error): Error =>
  error instanceof RequestError && error.status === 401
    ? new RequestError(error.status, 'WrongPassword', error.message)
    : error;
