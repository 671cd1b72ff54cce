/** URLs of the directory's routes. */
export class DirectoryUrlsDto {
  /** @example "http://127.0.0.1:3010/health" */
  health: string;
  /** @example "http://127.0.0.1:3010/identifier-types" */
  identifier_types: string;
  /** @example "http://127.0.0.1:3010/resources" */
  resources: string;
  /** @example "http://127.0.0.1:3010/resources" */
  register_identifier: string;
}

/** `GET /` */
export class DirectoryMetadataDto {
  /** Base URL. @example "http://127.0.0.1:3010" */
  directory: string;
  urls: DirectoryUrlsDto;
}

/** One kind of identifiers. */
export class IdentifierTypeDto {
  /** @example "eur" */
  identifierType: string;
  /** @example "Number of the central end user registry, 1 to 8 digits" */
  description: string;
}
