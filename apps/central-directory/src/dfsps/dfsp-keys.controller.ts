import { Body, Controller, Delete, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto, SigningKeyDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { DfspKeysService } from './dfsp-keys.service.js';
import { DirectoryAuthenticator } from './directory-authenticator.js';
import { DIRECTORY_PATHS } from '../directory-paths.js';

const SHORT_NAME = { name: 'shortName', example: 'dfsp1' };

@ApiTags('Signing keys of DFSPs')
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
@CallableBy('dfsp', 'admin')
@Controller(DIRECTORY_PATHS.map((path) => `${path}/dfsps/:shortName/keys`))
export class DfspKeysController {
  constructor(
    private readonly keys: DfspKeysService,
    private readonly authenticator: DirectoryAuthenticator,
  ) {}

  /**
   * Registers a key by which the DFSP signs its requests to other DFSPs. For the DFSP itself and for the admin. Two
   * keys may be valid at once.
   */
  @Post()
  @ApiParam(SHORT_NAME)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AlreadyExistsError, UnprocessableEntityError' })
  async registerKey(
    @Param('shortName') shortName: string,
    @Body() key: SigningKeyDto,
    @Req() request: FastifyRequest,
  ): Promise<SigningKeyDto> {
    return this.keys.addKey(await this.authenticator.ownDfsp(shortName, request), key);
  }

  /** Retires a key for ever. For the DFSP itself and for the admin. */
  @Delete(':keyId')
  @HttpCode(204)
  @ApiParam(SHORT_NAME)
  @ApiParam({ name: 'keyId', example: 'dfsp1-2026' })
  async retireKey(
    @Param('shortName') shortName: string,
    @Param('keyId') keyId: string,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    await this.keys.retireKey(await this.authenticator.ownDfsp(shortName, request), keyId);
  }
}
