import { Body, Controller, Get, Param, Post, Put, Query, Res } from '@nestjs/common';
import { formatAmount } from '@level-one/money';
import {
  ApiApproveClaim,
  ApiListClaims,
  ApiMakeClaim,
  ApiReadClaim,
  ApiRefuseClaim,
  ApiTransferErrors,
  ClaimDto,
  ClaimRefusalDto,
  ClaimRequestDto,
  ClaimsDto,
  ClaimsQueryDto,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { parseTransferId, Right } from '@level-one/transfer';
import type { FastifyReply } from 'fastify';
import { assertAdmin, assertRight, Caller } from '../../access/caller.js';
import { Claims } from '../../claims/claims.js';
import type { Principal } from '../../rules/principal.js';
import type { Claim } from '../../schema/claim.entity.js';
import { parseFundsAmount } from '../accounts/balances.js';
import { LedgerProfile } from '../ledger-profile.js';

/** Claims of creditors whose fulfillment came too late (ruling 39). */
@CallableBy('account')
@ApiTransferErrors()
@Controller()
export class ClaimsController {
  constructor(
    private readonly claims: Claims,
    private readonly profile: LedgerProfile,
  ) {}

  @Post('transfers/:id/claims')
  @ApiMakeClaim()
  async makeClaim(
    @Param('id') id: string,
    @Body() { amount, fulfillment, statement }: ClaimRequestDto,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ClaimDto> {
    const transferId = parseTransferId(id);
    const request = { amount: parseFundsAmount(amount, this.profile), fulfillment, statement };
    const { claim, isNew } = await this.claims.make(transferId, request, caller);
    void reply.status(isNew ? 201 : 200);
    return this.claimToJson(claim);
  }

  @Get('transfers/:id/claims')
  @ApiReadClaim()
  async readClaim(@Param('id') id: string, @Caller() caller: Principal): Promise<ClaimDto> {
    return this.claimToJson(await this.claims.read(parseTransferId(id), caller));
  }

  @Put('transfers/:id/claims/approval')
  @CallableBy('admin')
  @ApiApproveClaim()
  async approveClaim(@Param('id') id: string, @Caller() caller: Principal): Promise<ClaimDto> {
    assertAdmin(caller);
    return this.claimToJson(await this.claims.approve(parseTransferId(id), caller));
  }

  @Put('transfers/:id/claims/refusal')
  @CallableBy('admin')
  @ApiRefuseClaim()
  async refuseClaim(
    @Param('id') id: string,
    @Body() { reason }: ClaimRefusalDto,
    @Caller() caller: Principal,
  ): Promise<ClaimDto> {
    assertAdmin(caller);
    return this.claimToJson(await this.claims.refuse(parseTransferId(id), reason, caller));
  }

  @Get('claims')
  @ApiListClaims()
  async listClaims(@Query() { state, limit, after }: ClaimsQueryDto, @Caller() caller: Principal): Promise<ClaimsDto> {
    assertRight(caller, Right.Read);
    const claims = await this.claims.list({ isOpen: state === 'open', after, limit: Number(limit) });
    const last = claims.length < Number(limit) ? undefined : claims.at(-1);
    const next = last && new URLSearchParams({ state, limit, after: last.transferId }).toString();
    return {
      claims: claims.map((claim) => this.claimToJson(claim)),
      next: next === undefined ? null : `${this.profile.uris.base}/claims?${next}`,
    };
  }

  private claimToJson(claim: Claim): ClaimDto {
    const { uris, scale } = this.profile;
    const { approvedAt, bookedAt, refusedAt } = claim;
    return {
      transfer: uris.transfer(claim.transferId),
      account: uris.account(claim.creditor),
      amount: formatAmount(claim.amount, scale),
      state: stateOf(claim),
      automatic: claim.isAutomatic,
      approved_by: claim.approvedBy,
      claimed_at: claim.claimedAt.toISOString(),
      ...(approvedAt && { approved_at: approvedAt.toISOString() }),
      ...(bookedAt && { booked_at: bookedAt.toISOString(), booking: uris.transfer(claim.bookingId) }),
      ...(refusedAt && {
        refused_at: refusedAt.toISOString(),
        refused_by: claim.refusedBy ?? '',
        reason: claim.refusal ?? '',
      }),
    };
  }
}

function stateOf({ approvedAt, bookedAt, refusedAt }: Claim): ClaimDto['state'] {
  if (bookedAt) return 'booked';
  if (refusedAt) return 'refused';
  return approvedAt ? 'approved' : 'waiting';
}
