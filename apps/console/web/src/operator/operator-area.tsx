import { Loader } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { useSession } from '../api/network';
import { Loaded } from '../ui/loading';
import { AuditPage } from './audit-page';
import { ChangesPage } from './changes-page';
import { ChecksPage } from './checks-page';
import { OpenPage } from './open-page';
import styles from './operator.module.css';
import { ParticipantsPage } from './participants-page';
import { PaymentsPage } from './payments-page';
import { PositionsPage } from './positions-page';
import { RefusedPage } from './refused-page';
import { RolesPage } from './roles-page';
import { SignIn } from './sign-in';

/** Charts are the largest part of the console, and few look at them. */
const ChartsPage = lazy(() => import('./charts-page'));

const PAGES = [
  ['roles', RolesPage],
  ['payments', PaymentsPage],
  ['refused', RefusedPage],
  ['open', OpenPage],
  ['positions', PositionsPage],
  ['checks', ChecksPage],
  ['participants', ParticipantsPage],
  ['charts', ChartsPage],
  ['changes', ChangesPage],
  ['audit', AuditPage],
] as const;

/** What operators see and do, for those who have signed in. */
export function OperatorArea() {
  const session = useSession();
  return <Loaded query={session}>{({ user }) => (user ? <Pages /> : <SignIn />)}</Loaded>;
}

/** On a narrow screen the pages' names are a row that moves sideways. */
const scrollIntoRow = (link: HTMLElement | null) => link?.scrollIntoView({ block: 'nearest', inline: 'center' });

function Pages() {
  const { t } = useTranslation();
  const [path] = useLocation();
  return (
    <div className={styles.both}>
      <nav className={styles.nav} aria-label={t('nav.operator')}>
        {PAGES.map(([name]) => {
          const isCurrent = path.startsWith(`/operator/${name}`);
          return (
            <Link
              key={name}
              href={`/operator/${name}`}
              className={styles.link}
              aria-current={isCurrent ? 'page' : undefined}
              ref={isCurrent ? scrollIntoRow : undefined}
            >
              {t(`operator.nav.${name}`)}
            </Link>
          );
        })}
      </nav>
      <div style={{ minWidth: 0 }}>
        <Suspense fallback={<Loader mx="auto" my="xl" display="block" />}>
          <Switch>
            {PAGES.map(([name, Page]) => (
              <Route key={name} path={`/operator/${name}`}>
                <Page />
              </Route>
            ))}
            <Route>
              <Redirect to="/operator/roles" replace />
            </Route>
          </Switch>
        </Suspense>
      </div>
    </div>
  );
}
