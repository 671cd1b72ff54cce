import { Module } from '@nestjs/common';
import { NetworkController } from './network.controller.js';
import { NetworkService } from './network.service.js';
import { RoleHttp } from './role-http.js';

/** The network that is shown, and calls of its roles. */
@Module({
  controllers: [NetworkController],
  providers: [NetworkService, RoleHttp],
  exports: [NetworkService, RoleHttp],
})
export class ConsoleNetworkModule {}
