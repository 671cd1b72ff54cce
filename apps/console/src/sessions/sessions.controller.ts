import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallableBy, LoginGuard } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ConsoleSettings } from '../console.settings.js';
import { ConsoleAuthenticator } from './console-authenticator.js';
import { SessionDto, SignInDto } from './session.dto.js';
import { sessionTokenOf, setSessionCookie } from './session-cookie.js';
import { SessionsService } from './sessions.service.js';
import { type ConsoleUser, DEMO_USERS } from './users.js';

@ApiTags('Session')
@Controller('api/session')
@CallableBy('anyone')
export class SessionsController {
  constructor(
    private readonly sessions: SessionsService,
    private readonly authenticator: ConsoleAuthenticator,
    private readonly settings: ConsoleSettings,
    private readonly guard: LoginGuard,
  ) {}

  /** Who is signed in, and what this console can do. */
  @Get()
  async showSession(@Req() request: FastifyRequest): Promise<SessionDto> {
    return this.shown(await this.authenticator.findUserOf(request));
  }

  /** Signs in, and sets the cookie of the session. */
  @Post()
  @HttpCode(200)
  @ApiResponse({ status: 400, description: 'InvalidBodyError' })
  @ApiResponse({ status: 401, description: 'Unauthorized: name or password is wrong' })
  @ApiResponse({ status: 429, description: 'TooManyRequestsError: too many wrong passwords' })
  async signIn(
    @Body() { name, password }: SignInDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SessionDto> {
    const { user, token } = await this.sessions.signIn(name, password, this.guard.addressOf(request));
    setSessionCookie(reply, token, this.settings.publicUrl);
    return this.shown(user);
  }

  /** Ends the session. */
  @Delete()
  @HttpCode(204)
  async signOut(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    const token = sessionTokenOf(request);
    if (token !== undefined) await this.sessions.signOut(token);
    setSessionCookie(reply, undefined, this.settings.publicUrl);
  }

  private shown(user: ConsoleUser | undefined): SessionDto {
    const { demoNetwork, phones, faultsUrl } = this.settings;
    return {
      mode: demoNetwork ? 'demo' : 'operator',
      user: user ? { name: user.name, role: user.role } : null,
      demoUsers: demoNetwork ? DEMO_USERS.map(({ name }) => name) : [],
      phones: demoNetwork || phones,
      faults: faultsUrl !== undefined,
    };
  }
}
