import { Body, Controller, Post } from '@nestjs/common';
import { invalidBody } from '@level-one/errors';
import { ApiTags } from '@nestjs/swagger';
import { Subscriptions } from '@level-one/notifications';
import { ApiSendMessage, MessageDto } from '@level-one/peers';
import { parseMemo, TransferErrorCode, transferError } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import { Ledger } from '../../engine/ledger.js';
import type { Principal } from '../../rules/principal.js';
import { AccountAllowances } from '../../access/account-allowances.js';
import { Caller } from '../../access/caller.js';
import { LedgerProfile } from '../ledger-profile.js';

/** Messages between the owners of accounts, mostly connectors. */
@CallableBy('account')
@Controller('messages')
@ApiTags('Messages')
export class MessagesController {
  constructor(
    private readonly ledger: Ledger,
    private readonly subscriptions: Subscriptions,
    private readonly profile: LedgerProfile,
    private readonly allowances: AccountAllowances,
  ) {}

  @Post()
  @ApiSendMessage()
  async sendMessage(@Body() message: MessageDto, @Caller() caller: Principal): Promise<void> {
    const { uris } = this.profile;
    if (message.ledger !== undefined && message.ledger !== uris.base) {
      throw transferError(TransferErrorCode.InvalidBody, { message: 'Message contains incorrect ledger URI' });
    }
    const named = partiesOf(message, caller);
    const from = uris.accountName(named.from);
    if (from === undefined || (from !== caller.name && !caller.isAdmin)) {
      throw transferError(TransferErrorCode.InvalidBody, {
        message: 'You do not have permission to impersonate this user',
      });
    }
    const data = parseMemo(message.data, 'data');
    await this.allowances.takeMessage(caller, data);
    const to = uris.accountName(named.to);
    if (to === undefined || !(await this.mayBeHeard(to))) {
      throw transferError(TransferErrorCode.NoSubscriptions);
    }
    await this.ledger.sendMessage({ from, to, data });
  }

  /** Only the subscribers of this instance are known here: while there are others, a message is for theirs too. */
  private async mayBeHeard(to: string): Promise<boolean> {
    return this.subscriptions.areThereFor('message.send', to) || (await this.ledger.instances.findOthers());
  }
}

/** The older form names only the addressee. @throws ContractError 400 InvalidBodyError for any other form. */
function partiesOf({ from, to, account }: MessageDto, caller: Principal): { from: string; to: string } {
  if (account === undefined && from !== undefined && to !== undefined) return { from, to };
  if (account !== undefined && from === undefined && to === undefined) return { from: caller.name, to: account };
  const field = from === undefined ? 'from' : 'to';
  throw invalidBody('Message', field, 'must name an account');
}
