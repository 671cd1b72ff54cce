import { Body, Controller, Post } from '@nestjs/common';
import { ApiSetUpPayment, Hop, SetupRequestDto, SetupResponseDto } from '@level-one/peers';
import { SpspClientSetupService } from './setup.service.js';

@Controller(['v1', ''])
export class SpspClientSetupController {
  constructor(private readonly setup: SpspClientSetupService) {}

  @Post('setup')
  @Hop('S.B')
  @ApiSetUpPayment()
  setUpPayment(@Body() request: SetupRequestDto): Promise<SetupResponseDto> {
    return this.setup.setUp(request);
  }
}
