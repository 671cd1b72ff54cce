import { Controller, Get, Param } from '@nestjs/common';
import {
  ApiReadSigningKey,
  ApiReadTransferStatement,
  ApiTransferErrors,
  LedgerKeyDto,
  signDocument,
  SigningKey,
  TransferStatementDto,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { parseTransferId } from '@level-one/transfer';
import { Caller } from '../../access/caller.js';
import { statementOf } from '../../claims/transfer-statement.js';
import { Ledger } from '../../engine/ledger.js';
import type { Principal } from '../../rules/principal.js';
import { LedgerProfile } from '../ledger-profile.js';

/** What the ledger signs, as proof for others. */
@CallableBy('account')
@ApiTransferErrors()
@Controller()
export class SignedStatementsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly profile: LedgerProfile,
    private readonly key: SigningKey,
  ) {}

  @Get('transfers/:id/statement')
  @ApiReadTransferStatement()
  async readStatement(@Param('id') id: string, @Caller() caller: Principal): Promise<TransferStatementDto> {
    const transfer = await this.ledger.reads.readTransfer(parseTransferId(id), caller);
    const statement = statementOf(transfer, this.profile);
    return { ...statement, signature: signDocument(this.key, statement) };
  }

  @Get('signing-key')
  @CallableBy('anyone')
  @ApiReadSigningKey()
  readSigningKey(): LedgerKeyDto {
    return { algorithm: 'Ed25519', public_key: this.key.publicKey };
  }
}
