import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { formatAmount } from '@level-one/money';
import {
  ApiListEntries,
  ApiReadBalance,
  BalanceDto,
  BalanceQueryDto,
  StatementDto,
  StatementEntryDto,
  StatementQueryDto,
} from '@level-one/peers';
import { TransferErrorCode, transferError } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import { Ledger } from '../../engine/ledger.js';
import { mayReadAccount, type Principal } from '../../rules/principal.js';
import { type StatementEntry, Statements } from '../../audit/statements.js';
import { Caller } from '../../access/caller.js';
import { LedgerProfile } from '../ledger-profile.js';

/** Statements of an account, for its owner, administrators and holders of the right `read`. */
@CallableBy('account')
@Controller('accounts/:name')
@ApiTags('Statements')
export class StatementsController {
  constructor(
    private readonly ledger: Ledger,
    private readonly statements: Statements,
    private readonly profile: LedgerProfile,
  ) {}

  @Get('entries')
  @ApiListEntries()
  async listEntries(
    @Param('name') name: string,
    @Query() query: StatementQueryDto,
    @Caller() caller: Principal,
  ): Promise<StatementDto> {
    await this.assertMayRead(name, caller);
    const { limit, before, from, to } = query;
    const entries = await this.statements.listEntries(name, {
      limit: Number(limit),
      before,
      after: from === undefined ? undefined : new Date(from),
      until: to === undefined ? undefined : new Date(to),
    });
    return {
      account: this.profile.uris.account(name),
      entries: entries.map((entry) => this.entryToJson(entry)),
      next: entries.length < Number(limit) ? null : this.pageUrl(name, query, entries.at(-1)!.id),
    };
  }

  @Get('balance')
  @ApiReadBalance()
  async readBalance(
    @Param('name') name: string,
    @Query() { at }: BalanceQueryDto,
    @Caller() caller: Principal,
  ): Promise<BalanceDto> {
    await this.assertMayRead(name, caller);
    const found = await this.statements.readBalanceAt(name, at === undefined ? undefined : new Date(at));
    return {
      account: this.profile.uris.account(name),
      at: found.at.toISOString(),
      balance: formatAmount(found.balance, this.profile.scale),
    };
  }

  private async assertMayRead(name: string, caller: Principal): Promise<void> {
    await this.ledger.reads.readAccount(name);
    if (!mayReadAccount(caller, name)) throw transferError(TransferErrorCode.Forbidden);
  }

  private pageUrl(name: string, { limit, from, to }: StatementQueryDto, before: string): string {
    const query = new URLSearchParams({ limit, before });
    if (from !== undefined) query.set('from', from);
    if (to !== undefined) query.set('to', to);
    return `${this.profile.uris.account(name)}/entries?${query.toString()}`;
  }

  private entryToJson(entry: StatementEntry): StatementEntryDto {
    const { uris, scale } = this.profile;
    return {
      id: entry.id,
      transfer: uris.transfer(entry.transferId),
      counterparty: uris.account(entry.counterparty),
      kind: entry.kind,
      amount: formatAmount(entry.amount, scale),
      balance: formatAmount(entry.balance, scale),
      booked_at: entry.bookedAt.toISOString(),
    };
  }
}
