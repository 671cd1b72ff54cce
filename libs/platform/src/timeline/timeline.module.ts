import { type DynamicModule, Module } from '@nestjs/common';
import { Timelines, type TimelineSource } from '@level-one/work';
import { DataSource } from 'typeorm';
import { timelineController } from './timeline.controller.js';

/** `GET /timeline/{paymentId}` of a role with a database, under each of its base paths. */
@Module({})
export class TimelineModule {
  static forRole(sources: readonly TimelineSource[], basePaths: readonly string[]): DynamicModule {
    return {
      module: TimelineModule,
      global: true,
      controllers: [timelineController(basePaths)],
      providers: [
        {
          provide: Timelines,
          useFactory: (source: DataSource) => new Timelines(source, sources),
          inject: [DataSource],
        },
      ],
      exports: [Timelines],
    };
  }
}
