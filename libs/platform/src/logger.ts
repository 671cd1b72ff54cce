import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { currentTrace } from './trace.js';

/** Members of a log line that are never written out, wherever they stand. */
const REDACTED = ['authorization', 'password', 'token', 'secret', 'nationalId', 'dob'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

/** Structured log of one role instance; every line carries the trace id. */
export class RoleLogger {
  private constructor(private readonly lines: Logger) {}

  static create(identity: { role: string; dfsp: string | null }, level: string): RoleLogger {
    return new RoleLogger(
      pino({
        level,
        base: identity.dfsp === null ? { role: identity.role } : identity,
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        redact: { paths: REDACTED, censor: '[redacted]' },
        mixin: () => {
          const trace = currentTrace();
          return trace ? { traceId: trace.traceId } : {};
        },
      }),
    );
  }

  debug(fields: object, message: string): void {
    this.lines.debug(fields, message);
  }

  info(fields: object, message: string): void {
    this.lines.info(fields, message);
  }

  warn(fields: object, message: string): void {
    this.lines.warn(fields, message);
  }

  error(fields: object, message: string): void {
    this.lines.error(fields, message);
  }

  /** What Nest itself has to say, without its start-up chatter. */
  forNest(): LoggerService {
    const write =
      (level: 'warn' | 'error') =>
      (message: unknown, ...context: unknown[]): void => {
        // What keeps a role from starting is thrown to whoever starts it, who says it once.
        if (context.at(-1) !== 'ExceptionHandler') this.lines[level]({ context }, String(message));
      };
    return { log: () => undefined, warn: write('warn'), error: write('error'), fatal: write('error') };
  }
}
