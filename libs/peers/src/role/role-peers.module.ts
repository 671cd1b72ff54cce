import { type DynamicModule, type FactoryProvider, Module, type Provider } from '@nestjs/common';
import { RoleSettings } from '@level-one/platform';
import { PeerHttp } from '../http/peer-http.js';

export interface RolePeers {
  /** Every feature may inject them by their class. */
  settings: RoleSettings;
  /** Every feature may inject them. */
  clients: FactoryProvider[];
  /** Who may call the role, and checks of what it calls: for the role as a whole, no feature injects them. */
  checks: Provider[];
}

/** What all features of a role have: its settings, and the clients of the roles that it calls. */
@Module({})
export class RolePeersModule {
  static forRole({ settings, clients, checks }: RolePeers): DynamicModule {
    const settingsClass = settings.constructor as new () => RoleSettings;
    return {
      module: RolePeersModule,
      global: true,
      providers: [{ provide: settingsClass, useValue: settings }, PeerHttp, ...clients, ...checks],
      exports: [settingsClass, PeerHttp, ...clients.map(({ provide }) => provide)],
    };
  }
}
