import { IsBaseUrl, type RoleSettings, Setting } from '@level-one/platform';
import { applyDecorators } from '@nestjs/common';
import { IsOptional, Matches, MinLength } from 'class-validator';

type Constructor<T> = new (...args: any[]) => T;

/** Base URLs of other roles, by environment variable. */
const PEER_URLS = {
  CENTRAL_DIRECTORY_URL: 'base URL of the central directory',
  CENTRAL_LEDGER_URL: 'base URL of the central ledger',
  DFSP_API_URL: "base URL of the DFSP's own API, …/v1",
  DFSP_LEDGER_URL: "base URL of the DFSP's own ledger, …/ledger, as that ledger writes it in its URIs",
  END_USER_REGISTRY_URL: 'base URL of the end user registry',
  ILP_CONNECTOR_URL: "base URL of the DFSP's own ILP connector",
  LEDGER_ADAPTER_URL:
    "base URL of the DFSP's own ledger adapter, …/ilp/ledger/v1; account URIs given to others begin with it",
  SCHEME_ADAPTER_URL: "base URL of the DFSP's own scheme adapter, …/scheme/adapter/v1",
  SPSP_BACKEND_URL: "base URL of the DFSP's own SPSP backend, …/spsp/backend/v1",
  SPSP_CLIENT_PROXY_URL: "base URL of the DFSP's own SPSP client proxy, …/spsp/client/v1",
  SPSP_CLIENT_URL: "base URL of the DFSP's own SPSP client, …/v1",
  SPSP_SERVER_URL:
    "base URL of the DFSP's own SPSP server, …/v1, as the DFSP registered it; invoice URLs begin with it",
} as const;

/** Base URL of another role; `optional` says what happens without one. */
export const PeerUrl = (env: keyof typeof PEER_URLS, optional?: string): PropertyDecorator =>
  applyDecorators(
    Setting({ env, meaning: PEER_URLS[env], ...(optional !== undefined && { defaultText: optional }) }),
    IsBaseUrl(),
    ...(optional === undefined ? [] : [IsOptional()]),
  );

/** Mixed into the settings of a role that asks the central directory. */
export function WithCentralDirectory<Base extends Constructor<RoleSettings>>(base: Base) {
  class DirectorySettings extends base {
    @PeerUrl('CENTRAL_DIRECTORY_URL')
    centralDirectoryUrl: string;

    @Setting({ env: 'CENTRAL_DIRECTORY_KEY', meaning: 'key that the central directory gave to the DFSP' })
    @Matches(/^[^:\s]+$/, { message: 'must be a key without colon and space' })
    centralDirectoryKey: string;

    @Setting({ env: 'CENTRAL_DIRECTORY_SECRET', meaning: 'secret that goes with that key', secret: true })
    @MinLength(1)
    centralDirectorySecret: string;
  }
  return DirectorySettings;
}

/**
 * Mixed into the settings of a role that has an account on its DFSP's ledger.
 * @param needs rights that the account must have, in words; undefined for an account that needs none.
 */
export function WithLedgerAccount<Base extends Constructor<RoleSettings>>(base: Base, needs?: string) {
  class LedgerAccountSettings extends base {
    @PeerUrl('LEDGER_ADAPTER_URL')
    ledgerAdapterUrl: string;

    @Setting({
      env: 'LEDGER_NAME',
      meaning: `this role's account on the DFSP's ledger${needs === undefined ? '' : `; it needs ${needs}`}`,
    })
    @MinLength(1)
    ledgerName: string;

    @Setting({ env: 'LEDGER_PASSWORD', meaning: 'password of that account', secret: true })
    @MinLength(1)
    ledgerPassword: string;
  }
  return LedgerAccountSettings;
}

/** What {@link WithCentralDirectory} adds. */
export type CentralDirectorySettings = Pick<
  InstanceType<ReturnType<typeof WithCentralDirectory>>,
  'centralDirectoryUrl' | 'centralDirectoryKey' | 'centralDirectorySecret'
>;

/** What {@link WithLedgerAccount} adds. */
export type LedgerAccountSettings = Pick<
  InstanceType<ReturnType<typeof WithLedgerAccount>>,
  'ledgerAdapterUrl' | 'ledgerName' | 'ledgerPassword'
>;
