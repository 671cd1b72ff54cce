import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiTags } from '@nestjs/swagger';
import type { HopId } from './hops.js';

/** Says which hops of the contract a route serves; Swagger groups by it. Rows without a seed step are `row-NN`. */
export function Hop(...ids: [HopId | `row-${string}`, ...(HopId | `row-${string}`)[]]): MethodDecorator {
  return applyDecorators(ApiTags(ids[0]), ApiExtension('x-hop', ids));
}
