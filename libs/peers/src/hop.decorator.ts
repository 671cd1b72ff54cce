import { applyDecorators } from '@nestjs/common';
import { ApiExtension, ApiTags } from '@nestjs/swagger';
import { calleesOf, type HopId } from './hops.js';

/**
 * Says which hops of the contract a route serves. Rows without a seed step are `row-NN`. Swagger groups by those of
 * the hops that end at the role whose document it is.
 */
export function Hop(...ids: [HopId | `row-${string}`, ...(HopId | `row-${string}`)[]]): MethodDecorator {
  const hops = ids.map((id) => ({ id, to: calleesOf(id) }));
  return applyDecorators(ApiTags(...ids), ApiExtension('x-hop', hops));
}
