import { Module } from '@nestjs/common';
import { OwnLedgerModule } from '../ledger/own-ledger.module.js';
import { CustomersController } from './customers.controller.js';
import { CustomersService } from './customers.service.js';

/** Who is a client here, with which accounts. */
@Module({
  imports: [OwnLedgerModule],
  controllers: [CustomersController],
  providers: [CustomersService],
  exports: [CustomersService],
})
export class CustomersModule {}
