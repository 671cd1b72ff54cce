import type { INestApplication, WebSocketAdapter } from '@nestjs/common';
import { GracefulStop, LoginGuard, PublicPath, Refusals, RoleLogger, WebOrigins } from '@level-one/platform';
import { JsonRpcWsAdapter, type UpgradeGuard, WebsocketLimits } from './json-rpc-ws.adapter.js';

/** Injection token of the role's {@link UpgradeGuard}. */
export const UPGRADE_GUARD = Symbol('UpgradeGuard');

/**
 * The `webSocketAdapter` of a role definition whose gateways speak JSON-RPC; the role's module provides an
 * `UPGRADE_GUARD` and `WebsocketLimits`.
 */
export function jsonRpcWebsockets(app: INestApplication): WebSocketAdapter {
  const get = { strict: false };
  const guard = app.get<UpgradeGuard>(UPGRADE_GUARD, get);
  const logger = app.get(RoleLogger, get);
  const logins = app.get(LoginGuard, get);
  const stop = app.get(GracefulStop, get);
  const limits = app.get(WebsocketLimits, get);
  const path = app.get(PublicPath, get);
  const origins = app.get(WebOrigins, get);
  return new JsonRpcWsAdapter(app, guard, logger, limits, logins, app.get(Refusals, get), stop, path, origins);
}
