import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { defineConfig } from 'vite';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Console that `vite apps/console/web` passes requests to, for work on the front-end. */
const CONSOLE_URL = process.env.CONSOLE_URL ?? 'http://127.0.0.1:3000';

/** Below this, compression saves nothing that is seen. */
const COMPRESSED_BYTES_MIN = 1_024;
/** Of 11; the two above it save 3 % and take five times as long. */
const BROTLI_QUALITY = 9;

/** Puts a brotli and a gzip copy beside each script and style, as they were written: the console sends what the browser takes. */
const compressed = {
  name: 'compressed',
  apply: 'build',
  writeBundle({ dir }, bundle) {
    for (const fileName of Object.keys(bundle)) {
      const path = join(dir, fileName);
      const source = readFileSync(path);
      if (!fileName.startsWith('assets/') || source.length < COMPRESSED_BYTES_MIN) continue;
      const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
      writeFileSync(`${path}.br`, brotliCompressSync(source, { params }));
      writeFileSync(`${path}.gz`, gzipSync(source, { level: 9 }));
    }
  },
};

export default defineConfig({
  plugins: [compressed],
  // The console puts the path of its PUBLIC_URL before the addresses in its page; what that loads is found from where it is.
  experimental: { renderBuiltUrl: (_file, { hostType }) => (hostType === 'html' ? undefined : { relative: true }) },
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
