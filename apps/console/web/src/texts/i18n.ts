import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'texts';
    resources: { texts: typeof en };
  }
}

/** Languages with a file of texts each. Another one is another file with the same members. */
const LANGUAGES = { en: { texts: en } };

void i18next.use(initReactI18next).init({
  resources: LANGUAGES,
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'texts',
  interpolation: { escapeValue: false },
  showSupportNotice: false,
});
