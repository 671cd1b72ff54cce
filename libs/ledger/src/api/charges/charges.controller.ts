import { Body, Controller, Get, Param, Put, Res } from '@nestjs/common';
import { ApiBody, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto, Hop, LedgerChargeDto } from '@level-one/peers';
import { parseTransferId, Right } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply } from 'fastify';
import { Ledger } from '../../engine/ledger.js';
import type { Principal } from '../../rules/principal.js';
import { assertRight, Caller } from '../../access/caller.js';
import { chargeToJson, parseCharges } from './charges-body.js';
import { LedgerProfile } from '../ledger-profile.js';

const ID = { name: 'id', description: 'UUID of the transfer', example: '7d1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c15' };

/** Fees and commissions that move together with a transfer (ruling 10). */
@CallableBy('account')
@Controller('transfers/:id/charges')
@ApiParam(ID)
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
export class ChargesController {
  constructor(
    private readonly ledger: Ledger,
    private readonly profile: LedgerProfile,
  ) {}

  /**
   * Puts the charges of a transfer, before or while it is prepared, for holders of the right `charge`. They are held
   * and executed with it, and released when it is rejected. A repeated request is answered 200.
   */
  @Put()
  @Hop('row-23a', 'row-35b')
  @ApiBody({
    type: [LedgerChargeDto],
    examples: { fee: { value: [{ from: 'alice', to: 'fees', amount: '0.25', kind: 'fee' }] } },
  })
  @ApiResponse({ status: 201, type: [LedgerChargeDto], description: 'The charges are new' })
  @ApiResponse({ status: 200, type: [LedgerChargeDto], description: 'The same charges were put before' })
  @ApiResponse({
    status: 400,
    type: ErrorDto,
    description: 'InvalidUriParameterError, InvalidBodyError, InvalidModificationError',
  })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'UnprocessableEntityError, InsufficientFundsError, AlreadyExistsError, ExpiredTransferError',
  })
  async putCharges(
    @Param('id') id: string,
    @Body() body: unknown,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<LedgerChargeDto[]> {
    assertRight(caller, Right.Charge);
    const transferId = parseTransferId(id);
    const { charges, created } = await this.ledger.putCharges(transferId, parseCharges(body, this.profile));
    void reply.status(created ? 201 : 200);
    return charges.map((charge) => chargeToJson(charge, this.profile));
  }

  /** Charges of a transfer in order; an empty list if there are none. For holders of the right `charge`. */
  @Get()
  @ApiTags('Charges')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  async readCharges(@Param('id') id: string, @Caller() caller: Principal): Promise<LedgerChargeDto[]> {
    assertRight(caller, Right.Charge);
    const charges = await this.ledger.reads.listCharges(parseTransferId(id));
    return charges.map((charge) => chargeToJson(charge, this.profile));
  }
}
