import {
  ActionIcon,
  Anchor,
  Burger,
  Group,
  Tooltip,
  useComputedColorScheme,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { useLive } from '../api/live-feed';
import { classNames } from './class-names';
import { MoonIcon, SunIcon } from './icons';
import styles from './shell.module.css';
import { timeZone } from './times';

const PAGES = [
  { href: '/', key: 'pay', isAt: (path: string) => path === '/' },
  { href: '/network', key: 'network', isAt: (path: string) => /^\/(network|payments)/.test(path) },
  { href: '/operator', key: 'operator', isAt: (path: string) => path.startsWith('/operator') },
  { href: '/faults', key: 'faults', isAt: (path: string) => path.startsWith('/faults') },
] as const;

/** Head with the way to all pages, and the page below. */
export function Shell({ extra, children }: { extra?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation();
  const [path] = useLocation();
  const [isOpen, { toggle, close }] = useDisclosure(false);
  return (
    <>
      <a href="#content" className={styles.skip}>
        {t('app.skip')}
      </a>
      <header className={styles.head}>
        <div className={styles.bar}>
          <Link href="/" className={styles.brand} onClick={close}>
            <Logo />
            {t('app.name')}
          </Link>
          <Burger
            className={styles.burger}
            opened={isOpen}
            onClick={toggle}
            size="sm"
            aria-label={t('app.menu')}
            aria-expanded={isOpen}
          />
          <nav className={classNames(styles.nav, isOpen && styles.isOpen)} aria-label={t('app.menu')}>
            {PAGES.map(({ href, key, isAt }) => (
              <Anchor
                key={key}
                component={Link}
                href={href}
                underline="never"
                className={styles.link}
                aria-current={isAt(path) ? 'page' : undefined}
                onClick={close}
              >
                {t(`nav.${key}`)}
              </Anchor>
            ))}
          </nav>
          <Group gap="sm" ml="auto" wrap="nowrap">
            <LiveMark />
            {extra}
            <SchemeSwitch />
          </Group>
        </div>
      </header>
      <main id="content" className={styles.content} tabIndex={-1}>
        {children}
        <footer className={styles.zone}>{t('app.zone', { zone: timeZone() })}</footer>
      </main>
    </>
  );
}

function Logo() {
  return (
    <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden>
      <rect width="32" height="32" rx="8" fill="#0f766f" />
      <path d="M7 11h7M7 16h18M18 21h7" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}

function LiveMark() {
  const { t } = useTranslation();
  const { isConnected } = useLive();
  return (
    <output className={classNames(styles.live, isConnected && styles.isLive)}>
      <span className={styles.liveText}>{t(isConnected ? 'app.live' : 'app.notLive')}</span>
    </output>
  );
}

function SchemeSwitch() {
  const { t } = useTranslation();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const label = t(isDark ? 'app.toLight' : 'app.toDark');
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={label}
        onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
      >
        {isDark ? <SunIcon size={18} /> : <MoonIcon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
