import { CallableBy } from '@level-one/platform';
import { applyDecorators } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto } from '../error.dto.js';
import { ResentDto, UndeliveredDto, UndeliveredPageDto } from './undelivered.dto.js';

/** Routes about what could not be delivered, for the operators of a role. */
export const UndeliveredRoutes = (): ClassDecorator =>
  applyDecorators(
    ApiTags('What could not be delivered'),
    ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' }),
    CallableBy('admin'),
  );

/** `GET /v1/undelivered` */
export const ApiListUndelivered = (): MethodDecorator =>
  applyDecorators(
    ApiResponse({ status: 200, type: UndeliveredPageDto }),
    ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidQueryParameterError' }),
  );

/** `POST /v1/undelivered/{id}/resend` */
export const ApiResendUndelivered = (): MethodDecorator =>
  applyDecorators(
    ApiParam({ name: 'id', example: '0b0f4f0a-4b2c-4f57-9c59-0a8f7f3a2d11' }),
    ApiResponse({ status: 200, type: UndeliveredDto }),
    ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' }),
  );

/** `POST /v1/undelivered/resend` */
export const ApiResendAllUndelivered = (): MethodDecorator =>
  applyDecorators(
    ApiResponse({ status: 200, type: ResentDto }),
    ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidQueryParameterError' }),
  );
