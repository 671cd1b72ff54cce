import { ServesHops } from '@level-one/platform';
import { calleesOf, callerOf, groupOf, type HopId, isOfPayment } from './hops.js';

/**
 * Says which hops of the contract a route serves. Rows without a seed step are `row-NN`. Swagger groups by those of
 * the hops that end at the role whose document it is. Who sends them may call the route, unless `@CallableBy` says
 * otherwise.
 */
export function Hop(...ids: [HopId | `row-${string}`, ...(HopId | `row-${string}`)[]]): MethodDecorator {
  const hops = ids.map((id) => {
    const caller = callerOf(id);
    const group = groupOf(id);
    const of = { ...(caller && { caller }), ...(group && { group }) };
    // A channel's request begins a payment, or names it in its body: its own trace is another one.
    return { id, to: calleesOf(id), ...of, isOfPayment: isOfPayment(id) && caller !== 'channel' };
  });
  return ServesHops(hops);
}
