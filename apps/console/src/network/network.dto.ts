/** A role of the network. */
export class ShownRoleDto {
  /** @example "dfsp-api" */
  role: string;
  /** Base URL. @example "http://127.0.0.1:3100/v1" */
  url: string;
  /** Page of its documentation. @example "http://127.0.0.1:3100/docs" */
  docsUrl: string;
}

/** A person of the demo network. */
export class ShownPersonDto {
  /** @example "78956562" */
  number: string;
  /** @example "Alice Ames" */
  name: string;
  /** Names of accounts, the primary first. @example ["alice"] */
  accounts: string[];
  /** @example false */
  isMerchant: boolean;
}

/** A DFSP of the network. */
export class ShownParticipantDto {
  /** @example "dfsp1" */
  name: string;
  /** Currency of its ledger; null if the ledger does not answer. @example "USD" */
  currency: string | null;
  /** Decimals of its amounts; null if the ledger does not answer. @example 2 */
  scale: number | null;
  /** Only in the demo network. */
  people: ShownPersonDto[];
  roles: ShownRoleDto[];
}

/** The centre of the network. */
export class ShownCentreDto {
  roles: ShownRoleDto[];
}

/** The network that the console shows. */
export class ShownNetworkDto {
  /** Currency of the central ledger; null if it does not answer. @example "USD" */
  currency: string | null;
  /** Decimals of its amounts; null if it does not answer. @example 2 */
  scale: number | null;
  participants: ShownParticipantDto[];
  centre: ShownCentreDto;
}
