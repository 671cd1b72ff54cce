import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ApiIssueToken,
  ApiListConnectors,
  ApiReadMetadata,
  ConnectorDto,
  LedgerMetadataDto,
  LedgerUrlsDto,
  TokenDto,
} from '@level-one/peers';
import { commonError, CommonErrorId } from '@level-one/platform';
import { currencySymbol } from '@level-one/money';
import { CallableBy } from '@level-one/platform';
import { Credentials, TOKEN_AGE_MAX_MS } from '../../access/credentials.js';
import { Ledger } from '../../engine/ledger.js';
import type { Principal } from '../../rules/principal.js';
import { Caller } from '../../access/caller.js';
import { LedgerProfile } from '../ledger-profile.js';

/** Metadata of a ledger, and tokens to log in. */
@CallableBy('anyone')
@Controller()
@ApiTags('Ledger')
export class LedgerMetadataController {
  constructor(
    private readonly ledger: Ledger,
    private readonly credentials: Credentials,
    private readonly profile: LedgerProfile,
  ) {}

  @Get()
  @ApiReadMetadata()
  async readMetadata(): Promise<LedgerMetadataDto> {
    const { currency, precision, scale, ilpPrefix, uris } = this.profile;
    return {
      currency_code: currency,
      currency_symbol: currencySymbol(currency),
      ledger: uris.base,
      ...(ilpPrefix !== undefined && { ilp_prefix: ilpPrefix }),
      connectors: await this.listConnectors(),
      precision,
      scale,
      urls: urlsOf(uris.base),
    };
  }

  @Get('connectors')
  @ApiListConnectors()
  async listConnectors(): Promise<ConnectorDto[]> {
    const { uris, ilpPrefix = '' } = this.profile;
    return (await this.ledger.reads.listConnectors()).map(({ name, connector }) => ({
      id: uris.account(name),
      name,
      connector: connector ?? `${ilpPrefix}${name}`,
    }));
  }

  @Get('auth_token')
  @CallableBy('account')
  @ApiIssueToken()
  async issueToken(@Caller() caller: Principal): Promise<TokenDto> {
    const token = await this.credentials.tokenFor(caller);
    if (token === undefined)
      throw commonError(CommonErrorId.Unauthorized, { message: 'A token is issued for the password only' });
    return { token, token_max_age: TOKEN_AGE_MAX_MS };
  }
}

function urlsOf(base: string): LedgerUrlsDto {
  return {
    health: `${base}/health`,
    transfer: `${base}/transfers/:id`,
    transfer_fulfillment: `${base}/transfers/:id/fulfillment`,
    transfer_rejection: `${base}/transfers/:id/rejection`,
    transfer_state: `${base}/transfers/:id/state`,
    accounts: `${base}/accounts`,
    account: `${base}/accounts/:name`,
    auth_token: `${base}/auth_token`,
    websocket: `${base.replace(/^http/, 'ws')}/websocket`,
    message: `${base}/messages`,
  };
}
