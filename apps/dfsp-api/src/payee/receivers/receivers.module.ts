import { Module } from '@nestjs/common';
import { CustomersModule } from '../../customers/customers.module.js';
import { LedgerModule } from '../../ledger/ledger.module.js';
import { PayeeReceiversController } from './receivers.controller.js';
import { PayeeReceiversService } from './receivers.service.js';

/** Customers of this DFSP as other DFSPs see them (hop I.G). */
@Module({
  imports: [CustomersModule, LedgerModule],
  controllers: [PayeeReceiversController],
  providers: [PayeeReceiversService],
})
export class PayeeReceiversModule {}
