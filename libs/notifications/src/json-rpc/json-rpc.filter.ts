import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { RpcContext } from './json-rpc-ws.adapter.js';

/** Stores the error of a gateway method in the request's context; the adapter makes the error reply of it. */
@Catch()
export class JsonRpcExceptionFilter implements ExceptionFilter {
  catch(thrown: unknown, host: ArgumentsHost): void {
    // Arguments of a gateway method: socket, params, context.
    host.getArgByIndex<RpcContext>(2).thrown = thrown;
  }
}
