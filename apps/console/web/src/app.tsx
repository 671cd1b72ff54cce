import { Loader } from '@mantine/core';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Route, Router, Switch } from 'wouter';
import { BASE_PATH } from './api/base-path';
import { FaultsPage } from './faults/faults-page';
import { OperatorArea } from './operator/operator-area';
import { SessionMenu } from './operator/session-menu';
import { NetworkPage } from './payments/network-page';
import { PaymentPage } from './payments/payment-page';
import { CheckReceiptPage, ReceiptPage } from './payments/receipt-page';
import { StartPage } from './phones/start-page';
import { EmptyNote } from './ui/empty-note';
import { Shell } from './ui/shell';

/** All pages by their paths. */
export function App() {
  return (
    <Router base={BASE_PATH}>
      <Pages />
    </Router>
  );
}

function Pages() {
  return (
    <Shell extra={<SessionMenu />}>
      <Suspense fallback={<Loader mx="auto" my="xl" display="block" />}>
        <Switch>
          <Route path="/">
            <StartPage />
          </Route>
          <Route path="/network">
            <NetworkPage />
          </Route>
          <Route path="/payments/:id">{({ id }) => <PaymentPage key={id} paymentId={id} />}</Route>
          <Route path="/payments/:id/receipt">{({ id }) => <ReceiptPage key={id} paymentId={id} />}</Route>
          <Route path="/faults">
            <FaultsPage />
          </Route>
          <Route path="/operator/*?">
            <OperatorArea />
          </Route>
          <Route path="/receipt">
            <CheckReceiptPage />
          </Route>
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  );
}

function NotFound() {
  const { t } = useTranslation();
  return (
    <EmptyNote title={t('common.notFound')}>
      <Link href="/">{t('common.toStart')}</Link>
    </EmptyNote>
  );
}
