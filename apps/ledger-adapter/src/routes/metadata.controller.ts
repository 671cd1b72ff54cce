import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiError, ApiIssueToken, ApiListConnectors, ApiReadMetadata, Hop } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER_BASE_PATHS } from '../relay/adapter-path.js';
import { LedgerRelay } from '../relay/ledger-relay.js';

/** Metadata of the ledger, and tokens to log in. */
@Controller(ADAPTER_BASE_PATHS)
@ApiError(502, 'ExternalError')
export class LedgerAdapterMetadataController {
  constructor(private readonly ledger: LedgerRelay) {}

  @Get()
  @CallableBy('anyone')
  @Hop('support-adapter')
  @ApiReadMetadata()
  async readMetadata(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Get('connectors')
  @CallableBy('anyone')
  @Hop('support-adapter')
  @ApiListConnectors()
  async listConnectors(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Get('auth_token')
  @CallableBy('account')
  @Hop('support-adapter')
  @ApiIssueToken()
  async issueToken(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }
}
