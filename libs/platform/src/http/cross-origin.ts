import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { TRACE_HEADER } from '../tracing/trace.js';
import type { WebOrigins } from './web-origins.js';

const METHODS = ['GET', 'PUT', 'POST', 'DELETE'];
const SENT_HEADERS = ['Authorization', 'Content-Type', 'L1p-Hop', TRACE_HEADER, 'Traceparent', 'Tracestate'];
/** The name of a file is in `Content-Disposition`, the next page of a list in `Link`. */
const READ_HEADERS = [TRACE_HEADER, 'Retry-After', 'Link', 'Content-Disposition'];
/** How long a browser remembers what it may send. */
const REMEMBERED_S = 600;

/**
 * Lets scripts of web pages of these origins call the role, and answers what their browsers ask before (OPTIONS, without
 * credentials). Scripts of other pages, and all of them by default, get no permission: a browser sends nothing for them.
 */
export function allowOrigins(app: NestFastifyApplication, origins: WebOrigins): void {
  if (origins.areNone) return;
  app.enableCors({
    origin: (origin: string | undefined, answer: (error: Error | null, allowed: string | boolean) => void) => {
      answer(null, origin !== undefined && origins.has(origin) ? origin : false);
    },
    methods: METHODS,
    allowedHeaders: SENT_HEADERS,
    exposedHeaders: READ_HEADERS,
    maxAge: REMEMBERED_S,
    strictPreflight: false,
  });
}
