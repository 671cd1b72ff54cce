import { Body, Controller, Get, Param, Put, Query } from '@nestjs/common';
import {
  ApiListAllLapsedTransfers,
  ApiListLapsedTransfers,
  ApiListLateTransfers,
  ApiReadGrace,
  ApiRenewGrace,
  ApiTransferErrors,
  GraceDto,
  GraceRequestDto,
  LapsedTransfersDto,
  LapsedTransfersQueryDto,
  LateTransferDto,
  LateTransfersDto,
  LateTransfersQueryDto,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { parseTransferId, type Transfer, TransferErrorCode, transferError } from '@level-one/transfer';
import { assertAdmin, Caller } from '../../access/caller.js';
import { Ledger } from '../../engine/ledger.js';
import { transferToJson } from '../../events/transfer-json.js';
import { mayReadAccount, type Principal } from '../../rules/principal.js';
import { LedgerProfile } from '../ledger-profile.js';

/** Transfers that stay open to their creditor after their expiry (ruling 39). */
@CallableBy('account')
@ApiTransferErrors()
@Controller()
export class GracesController {
  constructor(
    private readonly ledger: Ledger,
    private readonly profile: LedgerProfile,
  ) {}

  @Get('transfers/:id/grace')
  @ApiReadGrace()
  async readGrace(@Param('id') id: string, @Caller() caller: Principal): Promise<GraceDto> {
    return this.graceToJson(await this.ledger.reads.readTransfer(parseTransferId(id), caller));
  }

  @Put('transfers/:id/grace')
  @ApiRenewGrace()
  async renewGrace(
    @Param('id') id: string,
    @Body() { open_until: until }: GraceRequestDto,
    @Caller() caller: Principal,
  ): Promise<GraceDto> {
    return this.graceToJson(await this.ledger.renewGrace(parseTransferId(id), new Date(until), caller));
  }

  @Get('accounts/:name/late-transfers')
  @ApiListLateTransfers()
  async listLateTransfers(
    @Param('name') name: string,
    @Query() { limit, after }: LateTransfersQueryDto,
    @Caller() caller: Principal,
  ): Promise<LateTransfersDto> {
    await this.ledger.reads.readAccount(name);
    if (!mayReadAccount(caller, name)) throw transferError(TransferErrorCode.Forbidden);
    const transfers = await this.ledger.reads.listLateTransfers(name, { after, limit: Number(limit) });
    const account = this.profile.uris.account(name);
    const last = transfers.length < Number(limit) ? undefined : transfers.at(-1);
    return {
      account,
      transfers: transfers.map((transfer) => this.lateToJson(transfer)),
      next: last ? `${account}/late-transfers?${new URLSearchParams({ limit, after: last.id }).toString()}` : null,
    };
  }

  @Get('accounts/:name/lapsed-transfers')
  @ApiListLapsedTransfers()
  async listLapsedTransfers(
    @Param('name') name: string,
    @Query() query: LapsedTransfersQueryDto,
    @Caller() caller: Principal,
  ): Promise<LapsedTransfersDto> {
    await this.ledger.reads.readAccount(name);
    if (!mayReadAccount(caller, name)) throw transferError(TransferErrorCode.Forbidden);
    return this.lapsedToJson(name, query);
  }

  @Get('lapsed-transfers')
  @CallableBy('admin')
  @ApiListAllLapsedTransfers()
  async listAllLapsedTransfers(
    @Query() query: LapsedTransfersQueryDto,
    @Caller() caller: Principal,
  ): Promise<LapsedTransfersDto> {
    assertAdmin(caller);
    return this.lapsedToJson(undefined, query);
  }

  private async lapsedToJson(
    account: string | undefined,
    { limit, before }: LapsedTransfersQueryDto,
  ): Promise<LapsedTransfersDto> {
    const { uris } = this.profile;
    const { transfers, count } = await this.ledger.reads.listLapsedTransfers(account, { before, limit: Number(limit) });
    const last = transfers.length < Number(limit) ? undefined : transfers.at(-1);
    const place = account === undefined ? uris.base : uris.account(account);
    return {
      count,
      transfers: transfers.map((transfer) => this.lateToJson(transfer)),
      next: last ? `${place}/lapsed-transfers?${new URLSearchParams({ limit, before: last.id }).toString()}` : null,
    };
  }

  /** @throws ContractError 422 TransferNotConditionalError for a transfer without expiry */
  private graceToJson(transfer: Transfer): GraceDto {
    const { id, state, expiresAt, openUntil } = transfer;
    if (!expiresAt) throw transferError(TransferErrorCode.TransferNotConditional);
    return {
      id: this.profile.uris.transfer(id),
      state,
      expires_at: expiresAt.toISOString(),
      open_until: (openUntil ?? expiresAt).toISOString(),
    };
  }

  private lateToJson(transfer: Transfer): LateTransferDto {
    const brief = { ...transfer, debitMemo: null, creditMemo: null, additionalInfo: null };
    const json = transferToJson(brief, this.profile.uris, this.profile.scale);
    return { ...json, open_until: (transfer.openUntil ?? transfer.expiresAt!).toISOString() };
  }
}
