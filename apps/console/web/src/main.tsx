import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './ui/base.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import './texts/i18n';
import { themeVariables, theme } from './ui/theme';

/** A console on this machine, and the check of a receipt, also work where there is no network. */
const networkMode = 'always';

const queries = new QueryClient({
  defaultOptions: { queries: { retry: 1, staleTime: 2_000, networkMode }, mutations: { networkMode } },
});

// Parts of the page that are loaded later may be gone since a newer page was built: then it is the newer one's turn.
window.addEventListener('vite:preloadError', () => location.reload());

createRoot(document.querySelector('#root')!).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={themeVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queries}>
        <Notifications position="top-center" />
        <App />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
