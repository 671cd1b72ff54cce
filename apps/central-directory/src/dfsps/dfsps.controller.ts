import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import {
  DfspOriginsDto,
  ErrorDto,
  Hop,
  RegisterDfspDto,
  RegisteredDfspDto,
  type SigningKeyDto,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { Dfsp } from './dfsp.entity.js';
import { DfspKeysService } from './dfsp-keys.service.js';
import { DfspsService } from './dfsps.service.js';
import { DirectoryAuthenticator } from './directory-authenticator.js';
import { DIRECTORY_PATHS } from '../directory-paths.js';

function listedDfsp(
  { shortName, providerUrl, schemeAdapterUrl, origins }: Dfsp,
  keys: SigningKeyDto[],
): DfspOriginsDto {
  return {
    shortName,
    providerUrl,
    ...(schemeAdapterUrl === null ? {} : { schemeAdapterUrl }),
    origins,
    keys: keys.map(({ keyId, publicKey }) => ({ keyId, publicKey })),
  };
}

@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(DIRECTORY_PATHS)
export class DfspsController {
  constructor(
    private readonly dfsps: DfspsService,
    private readonly keys: DfspKeysService,
    private readonly authenticator: DirectoryAuthenticator,
  ) {}

  /** Every DFSP with its URLs and valid keys. Other roles follow only URLs that begin with these. */
  @Get('dfsps')
  @CallableBy('dfsp', 'admin')
  @Hop('support-origins')
  async listDfsps(): Promise<DfspOriginsDto[]> {
    const [dfsps, keys] = await Promise.all([this.dfsps.allDfsps(), this.keys.validKeys()]);
    return dfsps.map((dfsp) => listedDfsp(dfsp, keys.get(dfsp.number) ?? []));
  }

  /** Registers a DFSP; only for the admin. The secret is in this answer and is never shown again. */
  @Post('commands/register')
  @CallableBy('admin')
  @Hop('support-origins')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AlreadyExistsError, UnprocessableEntityError' })
  async registerDfsp(@Body() dfsp: RegisterDfspDto): Promise<RegisteredDfspDto> {
    const registered = await this.dfsps.registerDfsp(dfsp);
    this.authenticator.forgetKey(registered.key);
    return registered;
  }
}
