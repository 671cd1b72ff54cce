import { Module } from '@nestjs/common';
import { ConsoleNetworkModule } from '../network/console-network.module.js';
import { PhonesController } from './phones.controller.js';
import { PhonesService } from './phones.service.js';

/** The phones of the page. */
@Module({ imports: [ConsoleNetworkModule], controllers: [PhonesController], providers: [PhonesService] })
export class ConsolePhonesModule {}
