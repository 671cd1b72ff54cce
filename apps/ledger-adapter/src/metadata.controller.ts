import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ConnectorDto, LedgerMetadataDto, TokenDto } from '@level-one/ledger';
import { ErrorDto, Hop } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER_BASE_PATHS } from './adapter-path.js';
import { LedgerRelay } from './ledger-relay.js';

/** Metadata of the ledger, and tokens to log in. */
@Controller(ADAPTER_BASE_PATHS)
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
export class LedgerAdapterMetadataController {
  constructor(private readonly ledger: LedgerRelay) {}

  /** Currency, connectors and URLs of the ledger at this adapter. Needs no credentials. */
  @Get()
  @CallableBy('anyone')
  @Hop('support-adapter')
  @ApiResponse({ status: 200, type: LedgerMetadataDto })
  async readMetadata(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  /** Connectors that have an account here. Needs no credentials. */
  @Get('connectors')
  @CallableBy('anyone')
  @Hop('support-adapter')
  @ApiResponse({ status: 200, type: [ConnectorDto] })
  async listConnectors(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  /** A token for `Authorization: Bearer` and the websocket, valid for a week. */
  @Get('auth_token')
  @CallableBy('account')
  @Hop('support-adapter')
  @ApiResponse({ status: 200, type: TokenDto })
  @ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
  async issueToken(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }
}
