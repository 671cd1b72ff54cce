import { Module } from '@nestjs/common';
import { FrontEndController } from './front-end.controller.js';
import { FrontEndFiles } from './front-end-files.js';

/** The page in the browser. */
@Module({ controllers: [FrontEndController], providers: [FrontEndFiles] })
export class ConsoleFrontEndModule {}
