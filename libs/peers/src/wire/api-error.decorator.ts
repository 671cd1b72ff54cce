import { ApiResponse } from '@nestjs/swagger';
import { ErrorDto } from './error.dto.js';

/** Documents an error of a route, or of all routes of a controller: its status, and the ids that it may have. */
export function ApiError(status: number, ...ids: [string, ...string[]]): MethodDecorator & ClassDecorator {
  return ApiResponse({ status, type: ErrorDto, description: ids.join(', ') });
}
