import { Body, Controller, Get, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  ChangeDfspDto,
  ChangeDfspStatusDto,
  DfspConnectionDto,
  DfspDetailsDto,
  DfspOriginsDto,
  DfspsQueryDto,
  DfspStatusDto,
  ErrorDto,
  Hop,
  RegisterDfspDto,
  RegisteredDfspDto,
  type SigningKeyDto,
} from '@level-one/peers';
import { CallableBy, CommonErrorId, commonError, RoleLogger } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { DfspConnectionsService } from './dfsp-connections.service.js';
import { DfspCredentialsService } from './dfsp-credentials.service.js';
import { DfspKeysService } from './dfsp-keys.service.js';
import { DfspsService, type Participant } from './dfsps.service.js';
import { DirectoryAuthenticator } from './directory-authenticator.js';
import { DIRECTORY_PATHS } from '../directory-paths.js';

const SHORT_NAME = { name: 'shortName', example: 'dfsp1' };

function statusOf({ shortName, status, statusReason: reason, statusSince }: Participant): DfspStatusDto {
  return { shortName, status, ...(reason !== null && { reason }), since: statusSince.toISOString() };
}

@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(DIRECTORY_PATHS)
export class DfspsController {
  constructor(
    private readonly dfsps: DfspsService,
    private readonly keys: DfspKeysService,
    private readonly credentials: DfspCredentialsService,
    private readonly connections: DfspConnectionsService,
    private readonly authenticator: DirectoryAuthenticator,
    private readonly logger: RoleLogger,
  ) {}

  /**
   * Every DFSP that has not left, in the order of registration, with its URLs, valid keys and route. Other roles follow only URLs that begin with
   * these.
   */
  @Get('dfsps')
  @CallableBy('dfsp', 'admin')
  @Hop('support-origins')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  async listDfsps(@Query() { limit, after }: DfspsQueryDto): Promise<DfspOriginsDto[]> {
    const [dfsps, keys] = await Promise.all([this.dfsps.allDfsps(), this.keys.validKeys()]);
    // Who has left in the meantime still tells where the next page begins.
    const begin = after === undefined ? 0 : 1 + dfsps.findIndex(({ shortName }) => shortName === after);
    return dfsps
      .slice(begin)
      .filter(({ status }) => status !== 'left')
      .slice(0, Number(limit))
      .map((dfsp) => this.listedDfsp(dfsp, keys.get(dfsp.number) ?? []));
  }

  /** What a DFSP registered, its status, and which of its keys are valid. For the DFSP itself and for the admin. */
  @Get('dfsps/:shortName')
  @ApiTags('Participants')
  @CallableBy('dfsp', 'admin')
  @ApiParam(SHORT_NAME)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async readDfsp(@Param('shortName') shortName: string, @Req() request: FastifyRequest): Promise<DfspDetailsDto> {
    await this.authenticator.ownDfsp(shortName, request);
    const dfsp = await this.dfsps.dfspOfShortName(shortName);
    if (!dfsp) throw commonError(CommonErrorId.NotFound);
    const { name, providerUrl, schemeAdapterUrl } = dfsp;
    const { status, reason, since } = statusOf(dfsp);
    const [credentials, signingKeys] = await Promise.all([this.credentials.listValid(dfsp), this.keys.listValid(dfsp)]);
    return {
      shortName,
      status,
      ...(reason !== undefined && { reason }),
      since,
      name,
      providerUrl,
      ...(schemeAdapterUrl !== null && { schemeAdapterUrl }),
      ...this.dfsps.routeOf(dfsp),
      credentials,
      signingKeys,
    };
  }

  /** Registers a DFSP; only for the admin. The secret is in this answer and is never shown again. */
  @Post('commands/register')
  @CallableBy('admin')
  @Hop('support-origins')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AlreadyExistsError, UnprocessableEntityError' })
  registerDfsp(@Body() dfsp: RegisterDfspDto): Promise<RegisteredDfspDto> {
    return this.dfsps.registerDfsp(dfsp);
  }

  /**
   * Changes what a DFSP registered. For the DFSP itself and for the admin; its route only for the admin. A base URL that
   * is replaced stays valid beside the new one, for what was issued under it.
   */
  @Put('dfsps/:shortName')
  @ApiTags('Participants')
  @CallableBy('dfsp', 'admin')
  @ApiParam(SHORT_NAME)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AlreadyExistsError, UnprocessableEntityError' })
  async changeDfsp(
    @Param('shortName') shortName: string,
    @Body() changes: ChangeDfspDto,
    @Req() request: FastifyRequest,
  ): Promise<DfspOriginsDto> {
    await this.authenticator.ownDfsp(shortName, request);
    await this.authenticator.assertActive(request);
    this.assertMayChange(changes, request);
    const changed = await this.dfsps.changeDfsp(shortName, changes);
    this.logger.info({ dfsp: shortName }, 'a DFSP changed what it registered');
    return this.listedDfsp(changed, (await this.keys.validKeys()).get(changed.number) ?? []);
  }

  /**
   * Suspends a DFSP, lets it take part again, or lets it leave for ever; only for the admin. A suspended DFSP is not
   * found by its customers' numbers, and other DFSPs neither call it nor take its requests. Given again, the last reason
   * counts.
   */
  @Put('dfsps/:shortName/status')
  @ApiTags('Participants')
  @CallableBy('admin')
  @ApiParam(SHORT_NAME)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  async changeStatus(
    @Param('shortName') shortName: string,
    @Body() { status, reason }: ChangeDfspStatusDto,
  ): Promise<DfspStatusDto> {
    const changed = await this.dfsps.changeStatus(shortName, status, reason ?? null);
    this.logger.info({ dfsp: shortName, status }, 'a DFSP changed its status');
    return statusOf(changed);
  }

  /** Calls the URLs of a DFSP now, and tells what answers there. For the DFSP itself and for the admin. */
  @Get('dfsps/:shortName/connection')
  @ApiTags('Participants')
  @CallableBy('dfsp', 'admin')
  @ApiParam(SHORT_NAME)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async testConnection(
    @Param('shortName') shortName: string,
    @Req() request: FastifyRequest,
  ): Promise<DfspConnectionDto> {
    await this.authenticator.ownDfsp(shortName, request);
    const dfsp = await this.dfsps.dfspOfShortName(shortName);
    if (!dfsp) throw commonError(CommonErrorId.NotFound);
    return this.connections.testConnection(dfsp);
  }

  private assertMayChange({ ilpPrefix, centralAccount }: ChangeDfspDto, request: FastifyRequest): void {
    const isAdmin = this.authenticator.dfspAsking(request) === undefined;
    if (isAdmin || (ilpPrefix === undefined && centralAccount === undefined)) return;
    throw commonError(CommonErrorId.Forbidden, { message: 'Only the admin changes where payments are routed' });
  }

  private listedDfsp(dfsp: Participant, keys: SigningKeyDto[]): DfspOriginsDto {
    const { shortName, providerUrl, schemeAdapterUrl, origins, status, formerUrls } = dfsp;
    return {
      shortName,
      providerUrl,
      ...(schemeAdapterUrl === null ? {} : { schemeAdapterUrl }),
      origins,
      // Whoever does not know of suspensions refuses a request without a valid key.
      keys: status === 'active' ? keys.map(({ keyId, publicKey }) => ({ keyId, publicKey })) : [],
      status: status === 'active' ? 'active' : 'suspended',
      ...(formerUrls.length > 0 && { formerUrls: formerUrls.map(({ url, kind }) => ({ url, kind })) }),
      ...this.dfsps.routeOf(dfsp),
    };
  }
}
