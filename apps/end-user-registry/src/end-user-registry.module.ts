import { type DynamicModule, Module } from '@nestjs/common';
import { credentialsAuthenticator, DatabaseModule, SharedAllowance } from '@level-one/platform';
import { CreateUsers1700000000000 } from './create-users.migration.js';
import { EndUserRegistrySettings } from './end-user-registry.settings.js';
import { NotifyUserChanges1796300000100 } from './notify-user-changes.migration.js';
import { User } from './user.entity.js';
import { UsersController } from './users.controller.js';
import { UsersService } from './users.service.js';

@Module({})
export class EndUserRegistryModule {
  static forRoot(settings: EndUserRegistrySettings): DynamicModule {
    return {
      module: EndUserRegistryModule,
      imports: [
        DatabaseModule.forRole({
          settings,
          entities: [User],
          migrations: [CreateUsers1700000000000, NotifyUserChanges1796300000100],
        }),
      ],
      controllers: [UsersController],
      providers: [
        UsersService,
        { provide: EndUserRegistrySettings, useValue: settings },
        { provide: SharedAllowance, useFactory: () => new SharedAllowance(settings.lookupsUnknown) },
        credentialsAuthenticator({ roles: settings.callers, admin: settings.registryAdmin }),
      ],
    };
  }
}
