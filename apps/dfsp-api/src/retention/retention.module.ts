import { Module } from '@nestjs/common';
import { Retention } from './retention.js';

/** Deletes what came to nothing. */
@Module({
  providers: [Retention],
})
export class RetentionModule {}
