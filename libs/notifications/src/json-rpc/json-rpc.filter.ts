import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { RpcContext } from './json-rpc-ws.adapter.js';

/** Leaves what a gateway method threw in the request's context, where the adapter makes the error reply of it. */
@Catch()
export class JsonRpcExceptionFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    // Arguments of a gateway method: socket, params, context.
    host.getArgByIndex<RpcContext>(2).thrown = thrown;
  }
}
