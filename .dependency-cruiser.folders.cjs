/**
 * No folder of an app or a library imports another one that imports it back, however long the way. A folder and the
 * folders in it may know each other. Tests are left out: they may look at everything.
 */
const { options } = require('./.dependency-cruiser.cjs');

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles-between-folders',
      scope: 'folder',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    ...options,
    exclude: {
      path: ['(^|/)dist/', '\\.(spec|db-spec|e2e-spec|fixture)\\.ts$', '^apps/[^/]+/test/', '^libs/testing/'],
    },
  },
};
