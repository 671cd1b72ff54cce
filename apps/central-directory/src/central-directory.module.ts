import { type DynamicModule, Module } from '@nestjs/common';
import { EndUserRegistryClient, PeerHttp, roleClient } from '@level-one/peers';
import { DatabaseModule, RequestAuthenticator } from '@level-one/platform';
import { CentralDirectorySettings } from './central-directory.settings.js';
import { CreateDfspKeys1796000000300 } from './dfsps/create-dfsp-keys.migration.js';
import { CreateDfsps1700000000000 } from './dfsps/create-dfsps.migration.js';
import { DirectoryAuthenticator } from './dfsps/directory-authenticator.js';
import { Dfsp } from './dfsps/dfsp.entity.js';
import { DfspConnectionsService } from './dfsps/dfsp-connections.service.js';
import { DfspCredential } from './dfsps/dfsp-credential.entity.js';
import { DfspCredentialsController } from './dfsps/dfsp-credentials.controller.js';
import { DfspCredentialsService } from './dfsps/dfsp-credentials.service.js';
import { DfspKey } from './dfsps/dfsp-key.entity.js';
import { DfspKeysController } from './dfsps/dfsp-keys.controller.js';
import { DfspKeysService } from './dfsps/dfsp-keys.service.js';
import { DfspsController } from './dfsps/dfsps.controller.js';
import { DfspsService } from './dfsps/dfsps.service.js';
import { FormerUrl } from './dfsps/former-url.entity.js';
import { LiveParticipants1796600000700 } from './dfsps/live-participants.migration.js';
import { NotifyDfspChanges1796300000400 } from './dfsps/notify-dfsp-changes.migration.js';
import { DirectoryMetadataController } from './metadata/metadata.controller.js';
import { ResourcesController } from './resources/resources.controller.js';
import { ResourcesService } from './resources/resources.service.js';

@Module({})
export class CentralDirectoryModule {
  static forRoot(settings: CentralDirectorySettings): DynamicModule {
    return {
      module: CentralDirectoryModule,
      imports: [
        DatabaseModule.forRole({
          settings,
          entities: [Dfsp, DfspKey, DfspCredential, FormerUrl],
          migrations: [
            CreateDfsps1700000000000,
            CreateDfspKeys1796000000300,
            NotifyDfspChanges1796300000400,
            LiveParticipants1796600000700,
          ],
        }),
      ],
      controllers: [
        DirectoryMetadataController,
        ResourcesController,
        DfspsController,
        DfspKeysController,
        DfspCredentialsController,
      ],
      providers: [
        PeerHttp,
        DfspsService,
        DfspKeysService,
        DfspCredentialsService,
        DfspConnectionsService,
        ResourcesService,
        DirectoryAuthenticator,
        { provide: RequestAuthenticator, useExisting: DirectoryAuthenticator },
        { provide: CentralDirectorySettings, useValue: settings },
        roleClient(EndUserRegistryClient, settings.endUserRegistryUrl, settings),
      ],
    };
  }
}
