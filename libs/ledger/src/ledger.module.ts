import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Injectable,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
  type Type,
} from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { EVENT_LOG, ledgerWebsocketProviders, SUBSCRIBER_AUTHENTICATOR } from '@level-one/notifications';
import {
  DatabaseModule,
  hashSecret,
  HotStatements,
  LoginGuard,
  matchesHash,
  RequestAuthenticator,
  RoleLogger,
} from '@level-one/platform';
import { SigningKey } from '@level-one/peers';
import { formatAmount } from '@level-one/money';
import { AccountType, LedgerUris, Right } from '@level-one/transfer';
import { accessOf } from '@level-one/work';
import { merge } from 'rxjs';
import { DataSource } from 'typeorm';
import { ISSUANCE_ACCOUNT } from './books/books.js';
import { CommitListener } from './events/commit-listener.js';
import { Credentials } from './access/credentials.js';
import { LedgerEventLog } from './events/ledger-event-log.js';
import { type CustomerKind, HAS_AMOUNTS, LEDGER_ENTITIES, ledgerMigrations } from './schema/ledger-schema.js';
import { InvariantsKeeper } from './audit/invariants-keeper.js';
import { Ledger } from './engine/ledger.js';
import { LedgerMetrics } from './ledger-metrics.js';
import { REPLAY_CONNECTIONS, ReplayPool } from './events/replay-pool.js';
import { EventDigests } from './audit/event-digests.js';
import { Statements } from './audit/statements.js';
import { AccountAllowances } from './access/account-allowances.js';
import { AccountAdministration } from './api/accounts/account-administration.js';
import { LedgerAccountsController } from './api/accounts/accounts.controller.js';
import { LedgerAuthenticator } from './access/caller.js';
import { InvariantsController } from './api/metadata/invariants.controller.js';
import { ClaimsController } from './api/claims/claims.controller.js';
import { SignedStatementsController } from './api/claims/signed-statements.controller.js';
import { Claims } from './claims/claims.js';
import { claimLedgerKeysOf, signingKeyOf } from './claims/ledger-keys.js';
import { DigestController } from './api/metadata/digest.controller.js';
import { DowntimesController } from './api/metadata/downtimes.controller.js';
import { GracesController } from './api/transfers/graces.controller.js';
import { VoidsController } from './api/transfers/voids.controller.js';
import { LedgerProfile } from './api/ledger-profile.js';
import type { LedgerSettings } from './api/ledger.settings.js';
import { MessagesController } from './api/messages/messages.controller.js';
import { LedgerMetadataController } from './api/metadata/metadata.controller.js';
import { StatementsController } from './api/statements/statements.controller.js';
import { LedgerTransfersController } from './api/transfers/transfers.controller.js';

export const ADMIN_ACCOUNT = 'admin';
/** Maximum of account names in one line of the log. */
const NAMED_MAX = 20;

/** Opens the accounts that every ledger needs, starts the ledger, and stops it at shutdown. */
@Injectable()
class LedgerLifecycle implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    private readonly ledger: Ledger,
    private readonly listener: CommitListener,
    private readonly replays: ReplayPool,
    private readonly adminPassword: string,
    private readonly logger: RoleLogger,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.ledger.putAccount({ name: ISSUANCE_ACCOUNT, minimumAllowedBalance: null });
    await this.ledger.putAccount({
      name: ADMIN_ACCOUNT,
      accountType: AccountType.Role,
      rights: [Right.Admin],
      passwordHash: await this.adminHash(),
    });
    await this.warnOfHouseAccounts();
    await this.listener.start();
    this.ledger.start();
  }

  private async warnOfHouseAccounts(): Promise<void> {
    const names = await this.ledger.reads.listCustomersBelowZero(NAMED_MAX);
    if (names.length === 0) return;
    this.logger.warn(
      { account: names.join(', ') },
      'Accounts of kind mw with direct use may go below zero: customers cannot; see docs/operate.md, "Accounts from before there were kinds"',
    );
  }

  /** Keeps the hash if the password is the same: a new hash would end the tokens of the admin. */
  private async adminHash(): Promise<string> {
    const known = (await this.ledger.reads.findAccount(ADMIN_ACCOUNT))?.passwordHash;
    return known && (await matchesHash(this.adminPassword, known)) ? known : hashSecret(this.adminPassword);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.listener.stop();
    await this.ledger.stop();
  }

  /** Runs after the websockets are closed. */
  async onApplicationShutdown(): Promise<void> {
    await this.replays.close();
  }
}

/** Options of {@link LedgerEngineModule}. */
/** Connections of the writer, of the listener for other instances' commits, and of replays. */
const LEDGER_CONNECTIONS = 2 + REPLAY_CONNECTIONS;

export interface LedgerModuleOptions {
  settings: LedgerSettings;
  /** Base path of its routes, without slashes at the ends; `''` is the root. */
  basePath: string;
  /** Whether the positions of its accounts are settled. Default false. */
  settles?: boolean;
  /** Kind of an account whose kind is not given. Default: customer. */
  customerKind?: CustomerKind;
  /** Further controllers under the same base path. */
  controllers?: Type<unknown>[];
  /** Providers of those controllers. */
  providers?: Provider[];
}

/** A ledger with its database, its HTTP API and its websocket (contract section 3). */
@Module({})
export class LedgerEngineModule {
  static forRoot({
    settings,
    basePath,
    settles = false,
    customerKind = AccountType.MobileWallet,
    controllers = [],
    providers = [],
  }: LedgerModuleOptions): DynamicModule {
    const prefix = basePath === '' ? '' : `/${basePath}`;
    const uris = new LedgerUris(`${settings.publicUrl}${prefix}`);
    const { currency, scale, precision, ilpPrefix } = settings;
    return {
      module: LedgerEngineModule,
      imports: [
        DatabaseModule.forRole({
          settings,
          entities: LEDGER_ENTITIES,
          migrations: ledgerMigrations(customerKind),
          unit: { settings, hasAmounts: HAS_AMOUNTS },
          furtherConnections: LEDGER_CONNECTIONS,
        }),
        RouterModule.register([{ path: `${prefix}/`, module: LedgerEngineModule }]),
      ],
      controllers: [
        LedgerMetadataController,
        LedgerAccountsController,
        StatementsController,
        LedgerTransfersController,
        GracesController,
        VoidsController,
        MessagesController,
        InvariantsController,
        DowntimesController,
        ClaimsController,
        SignedStatementsController,
        DigestController,
        ...controllers,
      ],
      providers: [
        {
          provide: LedgerProfile,
          useValue: Object.assign(new LedgerProfile(), {
            uris,
            currency,
            scale,
            precision,
            ilpPrefix,
            isDemo: settings.demoNetwork ?? false,
          }),
        },
        {
          provide: Ledger,
          useFactory: (dataSource: DataSource, statements: HotStatements, logger: RoleLogger) =>
            new Ledger(dataSource, statements, {
              onError: (err, work) => logger.error({ err, sweeper: work }, 'background work of the ledger failed'),
              lateGraceMs: settings.lateGraceS * 1_000,
              renewalMaxMs: settings.renewalMaxS * 1_000,
              proposalLifetimeMs: settings.proposalLifetimeS * 1_000,
              settles,
              customerKind,
              tracing: logger.tracing,
              heartbeatMs: settings.heartbeatS * 1_000,
              onDowntime: (downtime) =>
                logger.warn({ ...downtime }, 'the ledger was down; running graces are extended'),
              onLapse: ({ id, amount, creditAccount: creditor, openUntil }) =>
                logger.error(
                  { transferId: id, amount: formatAmount(amount, scale), currency, creditor, openUntil },
                  'a grace lapsed: the creditor neither fulfilled nor rejected the transfer',
                ),
            }),
          inject: [DataSource, HotStatements, RoleLogger],
        },
        {
          provide: CommitListener,
          useFactory: (dataSource: DataSource, ledger: Ledger) =>
            new CommitListener(accessOf(dataSource), ledger.instances),
          inject: [DataSource, Ledger],
        },
        {
          provide: LedgerLifecycle,
          useFactory: (ledger: Ledger, listener: CommitListener, replays: ReplayPool, logger: RoleLogger) =>
            new LedgerLifecycle(ledger, listener, replays, settings.ledgerAdminPassword, logger),
          inject: [Ledger, CommitListener, ReplayPool, RoleLogger],
        },
        {
          provide: Credentials,
          useFactory: (ledger: Ledger, guard: LoginGuard) =>
            new Credentials(ledger, guard, { secret: settings.tokenSecret, issuer: uris.base }),
          inject: [Ledger, LoginGuard],
        },
        {
          provide: RequestAuthenticator,
          useFactory: (credentials: Credentials, guard: LoginGuard, allowances: AccountAllowances) =>
            new LedgerAuthenticator(credentials, guard, allowances),
          inject: [Credentials, LoginGuard, AccountAllowances],
        },
        {
          provide: ReplayPool,
          useFactory: (dataSource: DataSource) => new ReplayPool(dataSource),
          inject: [DataSource],
        },
        {
          provide: EVENT_LOG,
          useFactory: (dataSource: DataSource, ledger: Ledger, listener: CommitListener, pool: ReplayPool) =>
            new LedgerEventLog(
              dataSource,
              ledger.recentEvents,
              uris,
              scale,
              merge(ledger.commits, listener.commits),
              ilpPrefix,
              pool,
            ),
          inject: [DataSource, Ledger, CommitListener, ReplayPool],
        },
        {
          provide: Statements,
          useFactory: (dataSource: DataSource) => new Statements(dataSource),
          inject: [DataSource],
        },
        {
          provide: EventDigests,
          useFactory: (dataSource: DataSource, logger: RoleLogger) => new EventDigests(dataSource, logger),
          inject: [DataSource, RoleLogger],
        },
        {
          provide: InvariantsKeeper,
          useFactory: (ledger: Ledger, logger: RoleLogger) =>
            new InvariantsKeeper(settings.invariantsCheckHours, () => ledger.findViolations(), logger),
          inject: [Ledger, RoleLogger],
        },
        LedgerMetrics,
        { provide: SigningKey, useValue: signingKeyOf(settings) },
        {
          provide: Claims,
          useFactory: (dataSource: DataSource, ledger: Ledger, logger: RoleLogger) =>
            new Claims(dataSource, ledger, {
              account: settings.claimAccount,
              keys: claimLedgerKeysOf(settings.claimLedgerKeys),
              windowMs: settings.claimWindowS * 1_000,
              upMaxMs: settings.claimUpMaxS * 1_000,
              tracing: logger.tracing,
              onError: (err, claim) =>
                logger.error({ err, transferId: claim?.transferId }, 'an approved claim could not be booked'),
            }),
          inject: [DataSource, Ledger, RoleLogger],
        },
        { provide: SUBSCRIBER_AUTHENTICATOR, useExisting: Credentials },
        AccountAdministration,
        { provide: AccountAllowances, useValue: new AccountAllowances(settings.requestsPerCustomer) },
        ...providers,
        ...ledgerWebsocketProviders({ basePaths: [prefix], ledgerUrl: uris.base }),
      ],
      exports: [Ledger, LedgerProfile, Credentials, AccountAdministration],
    };
  }
}
