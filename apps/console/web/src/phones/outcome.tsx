import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { CheckIcon, ClockIcon, CrossIcon } from '../ui/icons';
import styles from './phone.module.css';

export type OutcomeKind = 'good' | 'bad' | 'open';

const MARKS = {
  good: { color: '#176b3a', icon: <CheckIcon size={28} /> },
  bad: { color: '#b42318', icon: <CrossIcon size={28} /> },
  open: { color: '#8a5a00', icon: <ClockIcon size={28} /> },
};

/** How something ended, in large. */
export function Outcome({ kind, title, children }: { kind: OutcomeKind; title: string; children?: ReactNode }) {
  const { color, icon } = MARKS[kind];
  return (
    <div className={styles.outcome} role="status">
      <span className={styles.mark} style={{ '--mark': color }}>
        {icon}
      </span>
      <Title order={3} size="h3">
        {title}
      </Title>
      <Text size="sm" c="dimmed" component="div">
        {children}
      </Text>
    </div>
  );
}
