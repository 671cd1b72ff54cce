import { expect, it } from '@jest/globals';
import type { RoleName } from '@level-one/platform';
import { docsUrlOf } from './docs-url.js';

it.each<[RoleName, string, string]>([
  ['dfsp-api', 'http://127.0.0.1:3100/v1', 'http://127.0.0.1:3100/docs'],
  ['dfsp-api', 'https://dfsp1.example/api/v1', 'https://dfsp1.example/api/docs'],
  ['dfsp-api', 'https://dfsp1.example/api', 'https://dfsp1.example/api/docs'],
  ['dfsp-ledger', 'https://dfsp1.example/ledger', 'https://dfsp1.example/docs'],
  ['dfsp-ledger', 'https://dfsp1.example/ledger/ledger', 'https://dfsp1.example/ledger/docs'],
  ['central-ledger', 'https://centre.example/ledger', 'https://centre.example/ledger/docs'],
  ['scheme-adapter', 'https://dfsp1.example/x/scheme/adapter/v1', 'https://dfsp1.example/x/docs'],
])('the documentation of %s at %s is at %s', (role, url, docsUrl) => {
  expect(docsUrlOf(role, url)).toBe(docsUrl);
});
