import { useTranslation } from 'react-i18next';
import { hops } from '../texts/en-hops';

export interface HopWords {
  what: string;
  why: string;
  fails: string;
}

/** A point in a key would mean a level of texts. */
const keyOf = (hop: string) => hop.replaceAll('.', '_');
const isHop = (key: string): key is keyof typeof hops => key in hops;

/** What a hop is, why it is there, and what happens if it fails; undefined for calls that are no hop. */
export function useHopWords(): (hop: string | null) => HopWords | undefined {
  const { t } = useTranslation();
  return (hop) => {
    const key = keyOf(hop ?? '');
    if (!isHop(key)) return undefined;
    return { what: t(`hops.${key}.what`), why: t(`hops.${key}.why`), fails: t(`hops.${key}.fails`) };
  };
}
