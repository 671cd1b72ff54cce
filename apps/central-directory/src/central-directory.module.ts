import { type DynamicModule, Module } from '@nestjs/common';
import { EndUserRegistryClient, Peer, PeerHttp } from '@level-one/peers';
import { DatabaseModule, RequestAuthenticator } from '@level-one/platform';
import { CentralDirectorySettings } from './central-directory.settings.js';
import { CreateDfsps1700000000000 } from './create-dfsps.migration.js';
import { DirectoryAuthenticator } from './directory-authenticator.js';
import { Dfsp } from './dfsp.entity.js';
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
      imports: [DatabaseModule.forRole({ settings, entities: [Dfsp], migrations: [CreateDfsps1700000000000] })],
      controllers: [MetadataController, ResourcesController, DfspsController],
      providers: [
        PeerHttp,
        DfspsService,
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
