import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiReadDigest, DigestDto, DigestQueryDto, signDocument, SigningKey } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { Right } from '@level-one/transfer';
import { assertRight, Caller } from '../../access/caller.js';
import { EventDigests } from '../../audit/event-digests.js';
import type { Principal } from '../../rules/principal.js';
import { LedgerProfile } from '../ledger-profile.js';

/** Digests of the event log, signed. */
@CallableBy('account')
@Controller('digest')
@ApiTags('Ledger')
export class DigestController {
  constructor(
    private readonly digests: EventDigests,
    private readonly profile: LedgerProfile,
    private readonly key: SigningKey,
  ) {}

  @Get()
  @ApiReadDigest()
  async readDigest(@Query() { upto }: DigestQueryDto, @Caller() caller: Principal): Promise<DigestDto> {
    assertRight(caller, Right.Read);
    const { last, ...found } = await this.digests.read(upto === undefined ? undefined : BigInt(upto));
    const document = { ledger: this.profile.uris.base, upto: String(found.upto), digest: found.digest };
    return { ...document, last: String(last), signature: signDocument(this.key, document) };
  }
}
