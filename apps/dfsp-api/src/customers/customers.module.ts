import { Module } from '@nestjs/common';
import { OwnLedgerModule } from '../ledger/own-ledger.module.js';
import { CustomersController } from './customers.controller.js';
import { CustomersService } from './customers.service.js';

/** Customers of this DFSP and their accounts. */
@Module({
  imports: [OwnLedgerModule],
  controllers: [CustomersController],
  providers: [CustomersService],
  exports: [CustomersService],
})
export class CustomersModule {}
