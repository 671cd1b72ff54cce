import { Controller, Param, Put } from '@nestjs/common';
import { ApiTransferErrors, ApiVoidTransfer, TransferDto, VoidDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { parseTransferId, Right, transferError, TransferErrorCode } from '@level-one/transfer';
import { Caller } from '../../access/caller.js';
import { Ledger } from '../../engine/ledger.js';
import { transferToJson } from '../../events/transfer-json.js';
import { hasRight, mayVoidOwnDebits, type Principal } from '../../rules/principal.js';
import { LedgerProfile } from '../ledger-profile.js';

/** Ids of transfers that were given up, so that nobody can send them any more (rulings 39 and 40). */
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
    const isForAll = hasRight(caller, Right.Void);
    if (!isForAll && !mayVoidOwnDebits(caller)) throw transferError(TransferErrorCode.Forbidden);
    const transferId = parseTransferId(id);
    const transfer = await this.ledger.voidTransfer(transferId, isForAll ? undefined : caller.name);
    const { uris, scale } = this.profile;
    return transfer ? transferToJson(transfer, uris, scale) : { id: uris.transfer(transferId), state: 'void' };
  }
}
