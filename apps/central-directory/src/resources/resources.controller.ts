import { Body, Controller, Get, Post, Query, Req } from '@nestjs/common';
import { ApiQuery, ApiResponse } from '@nestjs/swagger';
import { ContractError } from '@level-one/errors';
import { DirectoryEntryDto, ErrorDto, Hop, RegisterResourceDto } from '@level-one/peers';
import { CallableBy, commonError, CommonErrorId } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { DirectoryAuthenticator } from '../dfsps/directory-authenticator.js';
import { type Identifier, parseIdentifier } from './identifier.js';
import { ResourcesService } from './resources.service.js';
import { DIRECTORY_PATHS } from '../directory-paths.js';

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
  ): Promise<DirectoryEntryDto[]> {
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
    return this.resources.registerIdentifier(dfsp, identifierInBody(resource.identifier));
  }
}
