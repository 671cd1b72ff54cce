import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallableBy } from '@level-one/platform';
import { ConsoleSettings } from '../console.settings.js';
import type { ParticipantPlace } from './network-place.js';
import { ShownNetworkDto, type ShownParticipantDto, type ShownRoleDto } from './network.dto.js';
import { type NetworkRole, NetworkService } from './network.service.js';

@ApiTags('Network')
@Controller('api/network')
@CallableBy('viewer')
export class NetworkController {
  constructor(
    private readonly network: NetworkService,
    private readonly settings: ConsoleSettings,
  ) {}

  /** The participants and the centre with their roles; in the demo network with the people too. */
  @Get()
  async showNetwork(): Promise<ShownNetworkDto> {
    const [unit, participants] = await Promise.all([
      this.unitAt(this.network.findRole('central-ledger', null)),
      Promise.all(this.network.participants.map((one) => this.shownParticipant(one))),
    ]);
    return { ...unit, participants, centre: { roles: this.rolesAt(null) } };
  }

  private async shownParticipant({ name, people = [] }: ParticipantPlace): Promise<ShownParticipantDto> {
    const unit = await this.unitAt(this.network.findRole('dfsp-ledger', name));
    const shown = people.map(({ number, name: person, accounts, isMerchant }) => ({
      number,
      name: person,
      accounts,
      isMerchant,
    }));
    return { name, ...unit, people: this.settings.demoNetwork ? shown : [], roles: this.rolesAt(name) };
  }

  private rolesAt(dfsp: string | null): ShownRoleDto[] {
    return this.network.roles
      .filter((one) => one.dfsp === dfsp)
      .map(({ role, url, docsUrl }) => ({ role, url, docsUrl }));
  }

  private async unitAt(ledger: NetworkRole | undefined): Promise<{ currency: string | null; scale: number | null }> {
    const unit = ledger && (await this.network.unitOf(ledger).catch(() => undefined));
    return { currency: unit?.currency ?? null, scale: unit?.scale ?? null };
  }
}
