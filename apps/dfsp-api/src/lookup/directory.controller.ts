import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto, Hop } from '@level-one/peers';
import { Admits, CallableBy } from '@level-one/platform';
import { ClientDto, DirectoryAggregateDto, ResourcesQueryDto } from './directory.dto.js';
import { DirectoryErrorId, directoryError } from './directory-errors.js';
import { directoryIdentifier, LookupService } from './lookup.service.js';
import { splitName } from './person-name.js';

/** The gateway to the central directory (contract D12). */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@CallableBy('channel')
@Controller('directory/v1')
export class DirectoryGatewayController {
  constructor(private readonly lookup: LookupService) {}

  /** Everything known about a number: the DFSPs that hold it, the receiver, and the fraud score. */
  @Get(['resources', 'user/get'])
  @Hop('row-1a')
  @Admits('channel')
  @ApiTags('Look up a receiver (I.A–I.G)')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidQueryParameterError, InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError, UserNotFound' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'NoAccount, UserIsAboveFraudThreshold' })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  async lookUpNumber(@Query() query: ResourcesQueryDto): Promise<DirectoryAggregateDto> {
    const { entries, receiver, fraud, spspReceiver } = await this.lookup.lookUpUser(identifierOf(query));
    return { directory_details: entries, dfsp_details: receiver, fraud_details: fraud, spspReceiver };
  }
}

/** Looks up clients of any DFSP, for this DFSP's channel. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@CallableBy('channel')
@Controller(['v1', ''])
export class ClientsController {
  constructor(private readonly lookup: LookupService) {}

  /** Looks up the client with this number at any DFSP (hops I.A to I.G). */
  @Get('client/:userNumber')
  @Admits('channel')
  @ApiTags('Look up a receiver (I.A–I.G)')
  @ApiParam({ name: 'userNumber', example: '78956562' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'ClientNotFound' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'NoAccount, UserIsAboveFraudThreshold' })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  async lookUpClient(@Param('userNumber') userNumber: string): Promise<ClientDto> {
    const { receiver, spspReceiver } = await this.lookup.lookUpClient(userNumber);
    const parts = splitName(receiver.name);
    return {
      identifier: userNumber,
      firstName: receiver.firstName ?? parts.firstName,
      lastName: receiver.lastName ?? parts.lastName,
      name: receiver.name,
      imageUrl: receiver.imageUrl,
      currencyCode: receiver.currencyCode,
      currencySymbol: receiver.currencySymbol,
      spspReceiver,
    };
  }
}

function identifierOf({ identifier, identifierType }: ResourcesQueryDto): string {
  if (identifier.includes(':')) return identifier;
  const typed = identifierType ? `${identifierType}:${identifier}` : directoryIdentifier(identifier);
  if (!typed) throw directoryError(DirectoryErrorId.InvalidQueryParameter);
  return typed;
}
