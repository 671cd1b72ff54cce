import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ContractError } from '@level-one/errors';
import { DirectoryEntryDto, ErrorDto, Hop, PrimaryDfspDto, RegisterResourceDto } from '@level-one/peers';
import { CallableBy, commonError, CommonErrorId } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import type { Dfsp } from '../dfsps/dfsp.entity.js';
import { DfspsService } from '../dfsps/dfsps.service.js';
import { DirectoryAuthenticator } from '../dfsps/directory-authenticator.js';
import { type Identifier, parseIdentifier } from './identifier.js';
import { ResourcesService } from './resources.service.js';
import { DIRECTORY_PATHS } from '../directory-paths.js';

const IDENTIFIER = { name: 'identifier', description: '`eur:<number>`', example: 'eur:78956562' };

/** Reads an identifier in a body. @throws ContractError 400 InvalidBodyError instead of an error about the query */
function identifierInBody(identifier: string): Identifier {
  try {
    return parseIdentifier(identifier);
  } catch (error) {
    const { message, extras } = error as ContractError;
    throw commonError(CommonErrorId.InvalidBody, { message, extras, cause: error });
  }
}

@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(DIRECTORY_PATHS)
export class ResourcesController {
  constructor(
    private readonly resources: ResourcesService,
    private readonly dfsps: DfspsService,
    private readonly authenticator: DirectoryAuthenticator,
  ) {}

  /** DFSPs that hold this identifier, the primary one first. */
  @Get(['resources', 'user'])
  @CallableBy('dfsp', 'admin')
  @Hop('I.A')
  @ApiQuery({ name: 'identifierType', type: String, required: false, description: 'for a bare identifier' })
  @ApiQuery({
    name: 'identifier',
    type: String,
    description: '`<identifierType>:<identifier>`; a bare number of at most 8 digits is of type `eur`',
    example: 'eur:78956562',
  })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidQueryParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError: the registry does not answer' })
  async findDfsps(
    @Query('identifier') identifier: unknown,
    @Query('identifierType') identifierType: unknown,
    @Req() request: FastifyRequest,
  ): Promise<DirectoryEntryDto[]> {
    await this.authenticator.assertActive(request);
    return this.resources.findDfsps(parseIdentifier(identifier, identifierType));
  }

  /** Registers an identifier for the calling DFSP. The first DFSP of an identifier becomes its primary one. */
  @Post('resources')
  @CallableBy('dfsp')
  @Hop('support-register')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AlreadyExistsError, UnprocessableEntityError' })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError: the registry does not answer' })
  async registerIdentifier(
    @Body() resource: RegisterResourceDto,
    @Req() request: FastifyRequest,
  ): Promise<DirectoryEntryDto> {
    const dfsp = this.authenticator.dfspOf(request);
    await this.authenticator.assertActive(request);
    return this.resources.registerIdentifier(dfsp, identifierInBody(resource.identifier));
  }

  /**
   * Makes another DFSP that holds the identifier its primary one, because the customer moved there. For the primary DFSP,
   * which gives it away, and for the admin.
   */
  @Put('resources/:identifier/primary')
  @CallableBy('dfsp', 'admin')
  @Hop('support-register')
  @ApiParam(IDENTIFIER)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidQueryParameterError, InvalidBodyError' })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError: the registry does not answer' })
  async makePrimary(
    @Param('identifier') identifier: string,
    @Body() { dfsp }: PrimaryDfspDto,
    @Req() request: FastifyRequest,
  ): Promise<DirectoryEntryDto[]> {
    await this.authenticator.assertActive(request);
    const by = this.authenticator.dfspAsking(request);
    return this.resources.makePrimary(await this.dfspNamed(dfsp), parseIdentifier(identifier), by);
  }

  /** Gives an identifier up, which the calling DFSP holds. The admin says whose it is to be taken. */
  @Delete('resources/:identifier')
  @HttpCode(204)
  @CallableBy('dfsp', 'admin')
  @Hop('support-register')
  @ApiParam(IDENTIFIER)
  @ApiQuery({ name: 'dfsp', type: String, required: false, description: 'short name; only for the admin' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidQueryParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError: the DFSP does not hold it' })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError: the registry does not answer' })
  async removeIdentifier(
    @Param('identifier') identifier: string,
    @Query('dfsp') dfsp: unknown,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    const holder = this.authenticator.dfspAsking(request) ?? (await this.dfspNamed(dfsp));
    await this.resources.removeIdentifier(holder, parseIdentifier(identifier));
  }

  /** @throws ContractError 404 NotFoundError */
  private async dfspNamed(shortName: unknown): Promise<Dfsp> {
    const dfsp = typeof shortName === 'string' ? await this.dfsps.dfspOfShortName(shortName) : undefined;
    if (dfsp) return dfsp;
    throw commonError(CommonErrorId.NotFound, { message: 'There is no DFSP of this short name' });
  }
}
