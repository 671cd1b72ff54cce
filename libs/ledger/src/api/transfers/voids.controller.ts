import { Controller, Param, Put } from '@nestjs/common';
import { ApiTransferErrors, ApiVoidTransfer, TransferDto, VoidDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { parseTransferId, Right } from '@level-one/transfer';
import { assertRight, Caller } from '../../access/caller.js';
import { Ledger } from '../../engine/ledger.js';
import { transferToJson } from '../../events/transfer-json.js';
import type { Principal } from '../../rules/principal.js';
import { LedgerProfile } from '../ledger-profile.js';

/** Ids of transfers that a DFSP has given up, so that nobody can send them any more (ruling 40). */
@CallableBy('account')
@ApiTransferErrors()
@Controller('transfers/:id/void')
export class VoidsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly profile: LedgerProfile,
  ) {}

  @Put()
  @ApiVoidTransfer()
  async voidTransfer(@Param('id') id: string, @Caller() caller: Principal): Promise<TransferDto | VoidDto> {
    assertRight(caller, Right.Void);
    const transferId = parseTransferId(id);
    const transfer = await this.ledger.voidTransfer(transferId);
    const { uris, scale } = this.profile;
    return transfer ? transferToJson(transfer, uris, scale) : { id: uris.transfer(transferId), state: 'void' };
  }
}
