import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/customers.module.js';
import { StoresModule } from '../stores/stores.module.js';
import { CustomerLimitsService } from './customer-limits.service.js';
import { FeeRulesController } from './fee-rules.controller.js';
import { LimitRulesController } from './limit-rules.controller.js';

/** Fee and limit rules of this DFSP, as its administrator and its channel see them. */
@Module({
  imports: [CustomersModule, StoresModule],
  controllers: [FeeRulesController, LimitRulesController],
  providers: [CustomerLimitsService],
})
export class TariffModule {}
