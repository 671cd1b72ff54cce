import { Controller, Get } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { CentralDirectorySettings } from '../central-directory.settings.js';
import { IDENTIFIER_TYPES } from '../resources/identifier.js';
import { DirectoryMetadataDto, IdentifierTypeDto } from './metadata.dto.js';
import { DIRECTORY_PATHS } from '../directory-paths.js';

@ApiTags('Metadata')
@Controller(DIRECTORY_PATHS)
export class DirectoryMetadataController {
  constructor(private readonly settings: CentralDirectorySettings) {}

  /** URLs of the directory's routes. Needs no credentials. */
  @Get()
  @CallableBy('anyone')
  readMetadata(): DirectoryMetadataDto {
    const directory = this.settings.publicUrl;
    return {
      directory,
      urls: {
        health: `${directory}/health`,
        identifier_types: `${directory}/identifier-types`,
        resources: `${directory}/resources`,
        register_identifier: `${directory}/resources`,
      },
    };
  }

  /** Kinds of identifiers that can be looked up. */
  @Get('identifier-types')
  @CallableBy('dfsp', 'admin')
  @ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
  listIdentifierTypes(): IdentifierTypeDto[] {
    return [...IDENTIFIER_TYPES];
  }
}
