import { Body, Controller, Get, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConsoleAuthenticator } from '../sessions/console-authenticator.js';
import { PhonesService } from './phones.service.js';

const PREFIX = /^\/api\/phones\/[^/?]+\/v1\/([^?]*)(\?.*)?$/;
const ANY = { schema: { type: 'object' } } as const;

@ApiTags('Phones')
@ApiParam({ name: 'dfsp', example: 'dfsp1' })
@ApiParam({ name: 'path', description: 'path of a route that a channel may call', example: 'payments' })
@ApiResponse({ status: 404, description: 'NotFoundError: phones may not call this' })
@ApiResponse({ status: 502, description: 'ExternalError' })
@Controller('api/phones/:dfsp/v1')
@CallableBy('operator')
export class PhonesController {
  constructor(
    private readonly phones: PhonesService,
    private readonly authenticator: ConsoleAuthenticator,
  ) {}

  @Get('*')
  @ApiOperation({ summary: 'Reads at a DFSP API, as a phone of its customer.' })
  @ApiResponse({ status: 200, ...ANY })
  async readAsPhone(@Param('dfsp') dfsp: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply) {
    await this.passOn(dfsp, request, reply, undefined);
  }

  @Post('*')
  @ApiOperation({ summary: 'Sends to a DFSP API, as a phone of its customer.' })
  @ApiBody(ANY)
  @ApiResponse({ status: 201, ...ANY })
  async sendAsPhone(
    @Param('dfsp') dfsp: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.passOn(dfsp, request, reply, body);
  }

  @Put('*')
  @ApiOperation({ summary: 'Changes at a DFSP API, as a phone of its customer.' })
  @ApiBody(ANY)
  @ApiResponse({ status: 200, ...ANY })
  async changeAsPhone(
    @Param('dfsp') dfsp: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ) {
    await this.passOn(dfsp, request, reply, body);
  }

  private async passOn(dfsp: string, request: FastifyRequest, reply: FastifyReply, body: unknown): Promise<void> {
    // The path as it was sent: an encoded slash in a segment stays one.
    const [, path = '', search = ''] = PREFIX.exec(request.raw.url ?? '') ?? [];
    const { name: who } = await this.authenticator.userOf(request);
    const answer = await this.phones.passOn({ who, dfsp, method: request.method, path, search, body });
    void reply.status(answer.status).type('application/json; charset=utf-8');
    void reply.send(answer.text);
  }
}
