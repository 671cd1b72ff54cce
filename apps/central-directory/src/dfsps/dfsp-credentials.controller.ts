import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { DfspCredentialsDto, ErrorDto, NewDfspCredentialsDto, ValidCredentialsDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { DfspCredentialsService } from './dfsp-credentials.service.js';
import { DirectoryAuthenticator } from './directory-authenticator.js';
import { DIRECTORY_PATHS } from '../directory-paths.js';

const SHORT_NAME = { name: 'shortName', example: 'dfsp1' };

@ApiTags('Credentials of DFSPs')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
@CallableBy('dfsp', 'admin')
@Controller(DIRECTORY_PATHS.map((path) => `${path}/dfsps/:shortName/credentials`))
export class DfspCredentialsController {
  constructor(
    private readonly credentials: DfspCredentialsService,
    private readonly authenticator: DirectoryAuthenticator,
  ) {}

  /** Keys that are valid now, without their secrets. For the DFSP itself and for the admin. */
  @Get()
  @ApiParam(SHORT_NAME)
  async listCredentials(
    @Param('shortName') shortName: string,
    @Req() request: FastifyRequest,
  ): Promise<ValidCredentialsDto> {
    const dfsp = await this.authenticator.ownDfsp(shortName, request);
    return { credentials: await this.credentials.listValid(dfsp) };
  }

  /**
   * Makes a further key with a secret, by which the DFSP calls the directory. For the DFSP itself and for the admin.
   * Two may be valid at once. The secret is in this answer and is never shown again. A repeated request with the same
   * key and secret changes nothing.
   */
  @Post()
  @ApiParam(SHORT_NAME)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AlreadyExistsError, UnprocessableEntityError' })
  async addCredentials(
    @Param('shortName') shortName: string,
    @Body() chosen: NewDfspCredentialsDto,
    @Req() request: FastifyRequest,
  ): Promise<DfspCredentialsDto> {
    return this.credentials.addCredentials(await this.authenticator.ownDfsp(shortName, request), chosen);
  }

  /** Retires a key with its secret for ever, once; the last one stays. For the DFSP itself and for the admin. */
  @Delete(':key')
  @HttpCode(204)
  @ApiParam(SHORT_NAME)
  @ApiParam({ name: 'key', example: 'dfsp1-2026' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  async retireCredentials(
    @Param('shortName') shortName: string,
    @Param('key') key: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.credentials.retireCredentials(await this.authenticator.ownDfsp(shortName, request), key);
  }
}
