import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res, UseGuards } from '@nestjs/common';
import { ApiExtension, ApiParam, ApiResponse } from '@nestjs/swagger';
import { ErrorDto, Hop, PrimaryHolderDto, RegisterUserDto, RegistryEntryDto } from '@level-one/peers';
import { CallableBy, commonError, CommonErrorId, UnknownCallersGuard } from '@level-one/platform';
import type { FastifyReply } from 'fastify';
import { EndUserRegistrySettings } from './end-user-registry.settings.js';
import { RegisteredUserDto, UserQueryDto, UsersQueryDto } from './users.dto.js';
import type { User } from './user.entity.js';
import { UsersService } from './users.service.js';

const NUMBER = /^[0-9]{1,8}$/;
const NUMBER_PARAM = { name: 'number', description: '1 to 8 digits', example: '78956562' };

function entryOf({ number, dfspIdentifier }: User): RegistryEntryDto {
  return { number, dfspIdentifier };
}

/** @throws ContractError 400 InvalidUriParameterError */
function assertNumber(number: string): void {
  if (NUMBER.test(number)) return;
  throw commonError(CommonErrorId.InvalidUriParameter, { message: 'number must be 1 to 8 digits' });
}

@Controller()
export class UsersController {
  constructor(
    private readonly users: UsersService,
    private readonly settings: EndUserRegistrySettings,
  ) {}

  /** DFSPs that hold this number, the primary one first. */
  @Get('users/:number')
  @CallableBy('central-directory', 'admin', 'anyone')
  @UseGuards(UnknownCallersGuard)
  @Hop('I.B')
  @ApiParam(NUMBER_PARAM)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 429, type: ErrorDto, description: 'TooManyRequestsError, without credentials' })
  async findUser(@Param('number') number: string): Promise<RegistryEntryDto[]> {
    assertNumber(number);
    return (await this.users.usersOfNumber(number)).map(entryOf);
  }

  /** Alias of `GET /users/{number}`. */
  @Get('user')
  @CallableBy('central-directory', 'admin', 'anyone')
  @UseGuards(UnknownCallersGuard)
  @Hop('I.B')
  @ApiExtension('x-alias-of', 'GET /users/{number}')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 429, type: ErrorDto, description: 'TooManyRequestsError, without credentials' })
  async findUserByQuery(@Query() { number }: UserQueryDto): Promise<RegistryEntryDto[]> {
    return (await this.users.usersOfNumber(number)).map(entryOf);
  }

  /** All entries in the order of registration, in pages; the `Link` header has the next one. */
  @Get('users')
  @CallableBy('admin')
  @Hop('support-register')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  async listUsers(
    @Query() query: UsersQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RegistryEntryDto[]> {
    const limit = Number(query.limit);
    const users = await this.users.listUsers(query.after, limit);
    const last = users.at(-1);
    if (last && users.length === limit) {
      void reply.header('link', `<${this.settings.publicUrl}/users?limit=${limit}&after=${last.id}>; rel="next"`);
    }
    return users.map(entryOf);
  }

  /** Registers a number for a DFSP. The first DFSP of a number becomes its primary one. */
  @Post('register')
  @CallableBy('central-directory', 'admin')
  @Hop('support-register')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AlreadyExistsError' })
  async registerUser(@Body() { number, dfspIdentifier }: RegisterUserDto): Promise<RegisteredUserDto> {
    const user = await this.users.registerNumber(number, dfspIdentifier);
    return { number: user.number, dfspIdentifier: user.dfspIdentifier, primary: user.isPrimary };
  }

  /** Makes a DFSP that holds the number its primary one: payments to the number go there. */
  @Put('users/:number/primary')
  @CallableBy('central-directory', 'admin')
  @Hop('support-register')
  @ApiParam(NUMBER_PARAM)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError, InvalidBodyError' })
  @ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError: the DFSP does not hold the number' })
  async makePrimary(
    @Param('number') number: string,
    @Body() { dfspIdentifier }: PrimaryHolderDto,
  ): Promise<RegistryEntryDto[]> {
    assertNumber(number);
    return (await this.users.makePrimary(number, dfspIdentifier)).map(entryOf);
  }

  /** Takes the number from a DFSP; the one that registered it next becomes the primary one. */
  @Delete('users/:number/:dfspIdentifier')
  @HttpCode(204)
  @CallableBy('central-directory', 'admin')
  @Hop('support-register')
  @ApiParam(NUMBER_PARAM)
  @ApiParam({ name: 'dfspIdentifier', example: '001:001' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError: the DFSP does not hold the number' })
  async removeUser(@Param('number') number: string, @Param('dfspIdentifier') dfspIdentifier: string): Promise<void> {
    assertNumber(number);
    await this.users.removeNumber(number, dfspIdentifier);
  }
}
