import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { CallableBy, CommonErrorId, commonError } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FrontEndFiles } from './front-end-files.js';

/** Paths that no page of the front-end has. */
const NO_PAGE = /^\/(api|v1)(\/|$)/;
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Files of the page; every other path is a view of it, which the page itself shows. */
@ApiExcludeController()
@Controller()
@CallableBy('anyone')
export class FrontEndController {
  constructor(private readonly files: FrontEndFiles) {}

  @Get(['', '*'])
  sendFile(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const [path = '/'] = (request.raw.url ?? '/').split('?');
    if (NO_PAGE.test(path)) throw commonError(CommonErrorId.NotFound);
    const file = this.files.fileAt(path);
    if (file === undefined) {
      void reply
        .status(503)
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(this.files.missing);
      return;
    }
    const page = this.files.pageBelowPath(file);
    if (page !== undefined) {
      void reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(page);
      return;
    }
    // The build puts a digest into the names of what is below assets.
    void reply.header('cache-control', file.startsWith('assets/') ? FOR_EVER : 'no-cache').sendFile(file);
  }
}
