import { Module } from '@nestjs/common';
import { CustomersModule } from '../../customers/customers.module.js';
import { OwnLedgerModule } from '../../ledger/own-ledger.module.js';
import { PayeeReceiversController } from './receivers.controller.js';
import { PayeeReceiversService } from './receivers.service.js';

/** Customers of this DFSP in the form for other DFSPs (hop I.G). */
@Module({
  imports: [CustomersModule, OwnLedgerModule],
  controllers: [PayeeReceiversController],
  providers: [PayeeReceiversService],
})
export class PayeeReceiversModule {}
