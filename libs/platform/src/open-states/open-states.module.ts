import { type DynamicModule, Module } from '@nestjs/common';
import { type OpenState, OpenStates } from '@level-one/work';
import { DataSource } from 'typeorm';
import { RoleMetrics } from '../metrics/role-metrics.js';
import { measureOpenStates } from './open-metrics.js';
import { openStatesController } from './open-states.controller.js';

/** `GET /open` of a role with a database, under each of its base paths. */
@Module({})
export class OpenStatesModule {
  static forRole(states: readonly OpenState[], basePaths: readonly string[]): DynamicModule {
    return {
      module: OpenStatesModule,
      controllers: [openStatesController(basePaths)],
      providers: [
        {
          provide: OpenStates,
          useFactory: (source: DataSource, metrics: RoleMetrics) => {
            const open = new OpenStates(source, states);
            measureOpenStates(metrics, open);
            return open;
          },
          inject: [DataSource, RoleMetrics],
        },
      ],
    };
  }
}
