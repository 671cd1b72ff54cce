import { useTranslation } from 'react-i18next';
import { openStates, undeliveredKinds } from '../texts/en-open';

type OpenKey = keyof typeof openStates;
const isKnown = (key: string): key is OpenKey => key in openStates;

/** Puts what is open in plain words. What is not known, of a foreign role, is named as its role names it. */
export function useOpenWords(): (row: { kind: string; state: string; ends?: string }) => {
  what: string;
  ends: string;
} {
  const { t } = useTranslation();
  return ({ kind, state, ends = '' }) => {
    const key = `${kind} ${state}`;
    return isKnown(key)
      ? { what: t(`openStates.${key}.what`), ends: t(`openStates.${key}.ends`) }
      : { what: `${kind}, ${state}`, ends };
  };
}

type UndeliveredKind = keyof typeof undeliveredKinds;
const isUndeliveredKind = (kind: string): kind is UndeliveredKind => kind in undeliveredKinds;

/** Puts the kind or the state of what could not be delivered in plain words. */
export function useUndeliveredWords(): (kind: string) => string {
  const { t } = useTranslation();
  return (kind) => (isUndeliveredKind(kind) ? t(`undeliveredKinds.${kind}`) : kind);
}
