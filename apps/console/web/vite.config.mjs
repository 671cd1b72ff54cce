import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Console that `vite apps/console/web` passes requests to, for work on the front-end. */
const CONSOLE_URL = process.env.CONSOLE_URL ?? 'http://127.0.0.1:3000';

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  cacheDir: `${ROOT}node_modules/.cache/vite`,
  build: {
    outDir: `${ROOT}dist/apps/console/web`,
    emptyOutDir: true,
    // Charts are the largest part; only the operator's pages load it.
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // Components say "use client" for servers that render them; here everything is in the browser.
      onLog: (level, log, report) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
    },
  },
  server: { proxy: { '/api': CONSOLE_URL, '^/payments/[^/]+/timeline$': CONSOLE_URL } },
});
