/**
 * The layers of the house (docs/architecture.md), checked by `npm run layers`:
 *
 *   apps  →  peers, notifications, ledger  →  invoice, quote, tariff, transfer  →  ilp, money, work  →  errors
 *            platform  →  money, work, errors
 *
 * An arrow may skip a layer, never turn round. `tools/layers.spec.ts` shows that every rule bites.
 */

const FOUNDATION = '(money|ilp)';
const DOMAIN = '(invoice|quote|tariff|transfer)';
const TEST = '\\.(spec|db-spec|e2e-spec|fixture)\\.ts$|^apps/[^/]+/test/|^libs/testing/';

/** An npm package by its name, or by the beginning of it. */
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})`;

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules of a cycle have no order in which they can be loaded; types alone are not loaded.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'every-import-is-found',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'packages-are-declared',
      comment: 'What is used stands in package.json; what others happen to bring along may go with them.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-development-packages-in-production',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [TEST] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'libs-do-not-know-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-do-not-know-each-other',
      comment: 'One role calls another over the wire, through libs/peers. Only the demo network hosts them all.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/network/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'network-imports-only-roles',
      comment: 'The network may start a role; it may not reach into one.',
      severity: 'error',
      from: { path: '^apps/network/' },
      to: { path: '^apps/', pathNot: ['^apps/network/', '^apps/[^/]+/src/[^/]+\\.(role|module|settings)\\.ts$'] },
    },
    {
      name: 'errors-is-a-leaf',
      severity: 'error',
      from: { path: '^libs/errors/' },
      to: { path: '^(apps|libs)/', pathNot: '^libs/errors/' },
    },
    {
      name: 'work-knows-errors-alone',
      comment: 'Taking what is due, retrying and background work are the same whatever is worked on.',
      severity: 'error',
      from: { path: '^libs/work/' },
      to: { path: '^libs/', pathNot: '^libs/(work|errors|testing)/' },
    },
    {
      name: 'foundation-knows-no-layer-above',
      severity: 'error',
      from: { path: `^libs/${FOUNDATION}/` },
      to: { path: '^libs/', pathNot: [`^libs/${FOUNDATION}/`, '^libs/(errors|testing)/'] },
    },
    {
      name: 'domain-knows-no-layer-above',
      severity: 'error',
      from: { path: `^libs/${DOMAIN}/` },
      to: { path: '^libs/', pathNot: [`^libs/${DOMAIN}/`, `^libs/${FOUNDATION}/`, '^libs/(errors|work|testing)/'] },
    },
    {
      name: 'platform-knows-no-domain',
      severity: 'error',
      from: { path: '^libs/platform/' },
      to: { path: '^libs/', pathNot: '^libs/(platform|money|work|errors|testing)/' },
    },
    {
      name: 'domain-speaks-no-http',
      comment: 'Invoices, quotes, tariffs and transfers are the same whatever carries them.',
      severity: 'error',
      from: { path: `^libs/(errors|${FOUNDATION}|${DOMAIN})/` },
      to: {
        path: [
          npm('fastify/', '@fastify/', 'undici/', 'ws/', '@nestjs/'),
          '^(node:)?(http|https|http2|net|tls|dgram)$',
        ],
      },
    },
    {
      name: 'foundation-has-no-database',
      severity: 'error',
      from: { path: `^libs/(errors|${FOUNDATION})/` },
      to: { path: npm('typeorm/', 'pg/', '@types/pg/') },
    },
    {
      name: 'controllers-have-no-database',
      comment: 'A controller translates between the wire and a service; the service owns the data.',
      severity: 'error',
      from: { path: '\\.controller\\.ts$' },
      to: { path: npm('typeorm/', 'pg/', '@types/pg/') },
    },
    {
      name: 'only-peers-call-out',
      comment: 'Calls between roles are traced, bounded and checked in one place.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: ['^libs/peers/', TEST] },
      to: { path: npm('undici/', 'axios/', 'got/', 'node-fetch/') },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [TEST] },
      to: { path: '^libs/testing/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Types count: a layer that knows another's types knows that layer.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    skipAnalysisNotInRules: true,
  },
};
