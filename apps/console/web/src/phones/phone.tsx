import { Avatar, Text } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Participant, Person } from '../api/network';
import { PhoneApi } from '../api/phones';
import { HomeScreen } from './home-screen';
import { IssuedInvoiceScreen, NewInvoiceScreen } from './invoice-screens';
import { NotifiedInvoiceScreen, PaymentScreen } from './pay-screens';
import { type Phone as PhoneState, PhoneContext } from './phone-context';
import styles from './phone.module.css';
import { BuyScreen, NewProductScreen, ProductScreen, ScanScreen } from './product-screens';
import { QuoteScreen, SendScreen } from './quote-screens';
import type { Screen } from './screens';

const HOME: Screen = { kind: 'home' };

interface PhoneProps {
  participant: Participant;
  person: Person;
  label: string;
  first?: Screen;
  offered: string | null;
  onOffer: (invoiceUrl: string | null) => void;
}

/** The phone of one person, on the channel of their DFSP. */
export function Phone({ participant, person, label, first = HOME, offered, onOffer }: PhoneProps) {
  const { t } = useTranslation();
  const [screen, setScreen] = useState<Screen>(first);
  const show = useCallback((next: Screen) => setScreen(next), []);
  const phone = useMemo<PhoneState>(
    () => ({
      participant,
      person,
      api: new PhoneApi(participant.name),
      currency: participant.currency ?? '',
      scale: participant.scale ?? 2,
      show,
      offered,
      offer: onOffer,
    }),
    [participant, person, show, offered, onOffer],
  );
  return (
    <PhoneContext value={phone}>
      <section className={styles.phone} aria-label={label} data-phone={person.number}>
        <div className={styles.bar}>
          <Avatar size={34} radius="xl" color="lagoon" variant="filled" aria-hidden>
            {person.name
              .split(' ')
              .map((word) => word[0])
              .join('')}
          </Avatar>
          <div>
            <Text size="sm" fw={650} lh={1.25}>
              {person.name}
            </Text>
            <Text size="xs" c="dimmed" className="figures" lh={1.25}>
              {person.number} {t('phone.at', { dfsp: participant.name })}
            </Text>
          </div>
        </div>
        <div className={styles.screen} tabIndex={-1}>
          <CurrentScreen screen={screen} />
        </div>
      </section>
    </PhoneContext>
  );
}

function CurrentScreen({ screen }: { screen: Screen }) {
  switch (screen.kind) {
    case 'newInvoice':
      return <NewInvoiceScreen />;
    case 'invoice':
      return <IssuedInvoiceScreen invoiceId={screen.invoiceId} payerName={screen.payerName} />;
    case 'newProduct':
      return <NewProductScreen />;
    case 'product':
      return <ProductScreen invoiceId={screen.invoiceId} />;
    case 'notified':
      return <NotifiedInvoiceScreen invoiceNotificationId={screen.invoiceNotificationId} />;
    case 'scan':
      return <ScanScreen />;
    case 'buy':
      return <BuyScreen invoiceUrl={screen.invoiceUrl} />;
    case 'send':
      return <SendScreen />;
    case 'quote':
      return <QuoteScreen key={screen.quote.paymentId} quote={screen.quote} askAgain={screen.askAgain} />;
    case 'payment':
      return <PaymentScreen paymentId={screen.paymentId} name={screen.name} />;
    default:
      return <HomeScreen />;
  }
}
