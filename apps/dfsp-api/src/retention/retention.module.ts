import { Module } from '@nestjs/common';
import { Retention } from './retention.js';

/** Deletes old rows that moved no money. */
@Module({
  providers: [Retention],
})
export class RetentionModule {}
