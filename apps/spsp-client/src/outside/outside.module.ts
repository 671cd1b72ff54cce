import { Module } from '@nestjs/common';
import { OutsideUrls } from './outside-urls.js';
import { OutsideWorld } from './outside-world.js';

/** Calls to SPSP servers of other DFSPs, by URLs that come from outside. */
@Module({
  providers: [OutsideUrls, OutsideWorld],
  exports: [OutsideUrls, OutsideWorld],
})
export class OutsideModule {}
