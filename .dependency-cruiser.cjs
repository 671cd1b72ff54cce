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

const DFSP_API = '^apps/dfsp-api/src/';
const PAGE = 'apps/console/web';
/** Of the console, what its page may run too. */
const SHARED = 'apps/console/src/shared';

/**
 * Folders of an app or a library in their order: each may import those before it, also for types alone. A folder that
 * is not in the list may import none. What lies in no folder (module, role, index) stands above them all, and only the
 * settings are known to all.
 */
const FOLDERS = {
  'apps/dfsp-api': [
    'requests',
    'ledger',
    'stores',
    'customers',
    'lookup',
    'notices',
    'tariff',
    'quotes',
    'charges',
    'retention',
    'payer/invoices',
    'payer/quotes',
    'payer/payments',
    'payer/notifications',
    'payer/bulk',
    'payee/receivers',
    'payee/payments',
    'payee/invoices',
    'payee/quotes',
    'both-sides',
    'records',
    'reconciliation',
  ],
  'apps/spsp-client': ['outside', 'accounts', 'quotes', 'setup', 'payments', 'ipr', 'invoices', 'lookup'],
  'apps/spsp-server': ['receivers', 'invoices', 'issuing', 'setup', 'ipr', 'incoming'],
  'apps/ilp-connector': ['ledgers', 'quotes', 'forwarding', 'subscriptions', 'http-quotes'],
  'apps/central-ledger': ['accounts', 'positions', 'settlements', 'scheme-charges'],
  'apps/console': [
    'shared',
    'network',
    'audit',
    'sessions',
    'traces',
    'live',
    'phones',
    'payments',
    'refusals',
    'operation',
    'changes',
    'faults',
    'front-end',
  ],
  'apps/ledger-adapter': ['relay', 'routes'],
  'apps/scheme-adapter': ['invoices', 'quotes', 'payments'],
  'libs/ledger': [
    'schema',
    'books',
    'rules',
    'commands',
    'settlement',
    'audit',
    'events',
    'engine',
    'claims',
    'access',
    'api',
  ],
  'libs/notifications': ['json-rpc', 'events', 'gateway', 'subscriber'],
  'libs/ilp': ['encoding', 'conditions', 'packets', 'payment-requests'],
  'libs/invoice': ['invoices', 'notifications', 'migrations'],
  'libs/quote': ['terms', 'pricing', 'quotes', 'schema'],
};

/** For each folder what it may not import. */
const foldersGoOneWay = Object.entries(FOLDERS).flatMap(([home, folders]) => {
  const rooms = (names) => `^${home}/src/(${names.join('|')})/`;
  return [...folders, undefined].map((folder) => ({
    name: 'folders-go-one-way',
    comment: `In ${home}: ${folders.join(' ← ')}`,
    severity: 'error',
    from: folder
      ? { path: rooms([folder]), pathNot: [TEST] }
      : { path: `^${home}/src/.+/`, pathNot: [rooms(folders), TEST] },
    to: {
      path: `^${home}/src/`,
      pathNot: [
        `^${home}/src/[^/]+\\.settings\\.ts$`,
        ...(folder ? [rooms(folders.slice(0, folders.indexOf(folder) + 1))] : []),
      ],
    },
  }));
});

/** An npm package by its name, or by the beginning of it. */
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})`;

/** What the build made, whether it is there yet or not. */
const BUILT = '(^|/)dist/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Whoever reads one file of a circle has to read them all. Imports of types count.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every-import-is-found',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: [BUILT] },
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
      // The console's page is built into files for the browser, packages included.
      from: { path: '^(apps|libs)/', pathNot: [TEST, `^${PAGE}/`] },
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
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/(network|cli)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'page-of-the-console-is-apart',
      comment:
        'It runs in a browser: of servers and libraries it knows types alone, and what needs neither server nor browser.',
      severity: 'error',
      from: { path: `^${PAGE}/` },
      to: { path: '^(apps|libs)/', pathNot: [`^${PAGE}/`, `^${SHARED}/`], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shared-with-the-page-is-a-leaf',
      comment: 'What server and page of the console share runs in both, so it needs nothing of either.',
      severity: 'error',
      from: { path: `^${SHARED}/`, pathNot: TEST },
      to: { pathNot: `^${SHARED}/` },
    },
    {
      name: 'page-of-the-console-is-a-leaf',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: `^${PAGE}/` },
      to: { path: `^${PAGE}/` },
    },
    {
      name: 'command-line-knows-the-network-alone',
      comment: 'It starts the network, and does by hand what the network does; roles it calls over the wire.',
      severity: 'error',
      from: { path: '^apps/cli/' },
      to: { path: '^apps/', pathNot: '^apps/(cli|network)/' },
    },
    {
      name: 'dfsp-api-sides-are-apart',
      comment:
        "Inside one DFSP, too, a payment goes over the wire: the payer's side and the payee's know nothing of each other.",
      severity: 'error',
      from: { path: `${DFSP_API}(payer|payee)/` },
      to: { path: `${DFSP_API}(payer|payee)/`, pathNot: `${DFSP_API}$1/` },
    },
    {
      name: 'dfsp-api-shared-folders-know-no-side',
      comment: 'What both sides use imports neither of them; routes and lists of both sides stand above.',
      severity: 'error',
      from: { path: `${DFSP_API}(?!payer/|payee/|both-sides/|records/)[^/]+/`, pathNot: [TEST] },
      to: { path: `${DFSP_API}(payer|payee|both-sides)/` },
    },
    ...foldersGoOneWay,
    {
      name: 'role-modules-import-features',
      comment: "A role's module lists the modules of its features; each of them imports what it needs.",
      severity: 'error',
      from: { path: '^apps/(dfsp-api|spsp-client|spsp-server|ilp-connector)/src/[^/]+\\.module\\.ts$' },
      to: { path: '^apps/[^/]+/src/.+/', pathNot: '\\.module\\.ts$' },
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
      name: 'reconciliation-reads-by-others',
      comment: 'The command and the console compare alike; how roles are read, and as whom, is theirs.',
      severity: 'error',
      from: { path: '^libs/reconciliation/' },
      to: { path: '^libs/', pathNot: `^libs/(reconciliation|transfer|${FOUNDATION}|errors|testing)/` },
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
      name: 'help-and-completion-are-quick',
      comment: 'What the command line needs to read its arguments loads no role and no library of ours.',
      severity: 'error',
      from: {
        path: '^apps/cli/src/(main|run-command-line|command-line|commands|exit-codes|output/.*|connection/connection-options)\\.ts$',
      },
      to: {
        path: [
          '^libs/',
          '^apps/(?!cli/)',
          '^apps/cli/src/(run-command|commands/.*|connection/(?!connection-options).*)\\.ts$',
        ],
        dependencyTypesNot: ['type-only', 'dynamic-import'],
      },
    },
    {
      name: 'tools-and-bench-are-outside',
      comment: 'They look at what is built; nothing that is built knows them, and they do not know each other.',
      severity: 'error',
      from: { path: '^(apps|libs|tools|bench)/' },
      to: { path: '^(tools|bench)/', pathNot: ['^$1/'] },
    },
    {
      name: 'benchmarks-are-apart',
      comment: 'What several benchmarks use is in bench/shared, or in bench/network.',
      severity: 'error',
      from: { path: '^bench/([^/]+)/' },
      to: { path: '^bench/', pathNot: ['^bench/$1/', '^bench/(shared|network)/'] },
    },
    {
      name: 'tools-and-bench-use-front-doors',
      comment: 'Of a library its index; of the apps the network, which hosts all roles.',
      severity: 'error',
      from: { path: '^(tools|bench)/' },
      to: {
        path: ['^(apps|libs)/', `${BUILT}(apps|libs)/`],
        pathNot: ['(^|/)libs/[^/]+/src/index\\.[jt]s$', '(^|/)apps/network/src/'],
      },
    },
    {
      name: 'testing-is-for-tests',
      comment: 'The conformance runner tests systems of others; it plays the roles around them.',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [TEST, '^apps/conformance/'] },
      to: { path: '^libs/testing/' },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', BUILT] },
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
