import { type DynamicModule, Module } from '@nestjs/common';
import { EndUserRegistryClient, Peer, PeerHttp } from '@level-one/peers';
import { DatabaseModule, RequestAuthenticator } from '@level-one/platform';
import { CentralDirectorySettings } from './central-directory.settings.js';
import { CreateDfspKeys1796000000300 } from './create-dfsp-keys.migration.js';
import { CreateDfsps1700000000000 } from './create-dfsps.migration.js';
import { DirectoryAuthenticator } from './directory-authenticator.js';
import { Dfsp } from './dfsp.entity.js';
import { DfspKey } from './dfsp-key.entity.js';
import { DfspKeysController } from './dfsp-keys.controller.js';
import { DfspKeysService } from './dfsp-keys.service.js';
import { DfspsController } from './dfsps.controller.js';
import { DfspsService } from './dfsps.service.js';
import { MetadataController } from './metadata.controller.js';
import { ResourcesController } from './resources.controller.js';
import { ResourcesService } from './resources.service.js';

@Module({})
export class CentralDirectoryModule {
  static forRoot(settings: CentralDirectorySettings): DynamicModule {
    return {
      module: CentralDirectoryModule,
      imports: [
        DatabaseModule.forRole({
          settings,
          entities: [Dfsp, DfspKey],
          migrations: [CreateDfsps1700000000000, CreateDfspKeys1796000000300],
        }),
      ],
      controllers: [MetadataController, ResourcesController, DfspsController, DfspKeysController],
      providers: [
        PeerHttp,
        DfspsService,
        DfspKeysService,
        ResourcesService,
        DirectoryAuthenticator,
        { provide: RequestAuthenticator, useExisting: DirectoryAuthenticator },
        { provide: CentralDirectorySettings, useValue: settings },
        {
          provide: EndUserRegistryClient,
          useFactory: (http: PeerHttp) =>
            new EndUserRegistryClient(Peer.ofRole(http, settings.endUserRegistryUrl, settings)),
          inject: [PeerHttp],
        },
      ],
    };
  }
}
