import type { LoggerService } from '@nestjs/common';
import { type Logger, pino } from 'pino';
import { logFields } from './log-fields.js';
import { logOutput } from './log-output.js';
import { currentTrace } from '../tracing/trace.js';
import { Tracing } from '../tracing/tracing.js';

/**
 * What one role instance tells of its work: a structured log, and spans. Every line has the trace id, and only members that `logFields` lists.
 */
export class RoleLogger {
  private constructor(
    private readonly lines: Logger,
    /** Its spans. */
    readonly tracing: Tracing,
  ) {}

  static create(
    identity: { role: string; dfsp: string | null },
    level: string,
    tracing: Tracing = Tracing.off,
  ): RoleLogger {
    return new RoleLogger(
      pino(
        {
          level,
          base: identity.dfsp === null ? { role: identity.role } : identity,
          timestamp: pino.stdTimeFunctions.isoTime,
          formatters: { level: (label) => ({ level: label }), log: logFields },
          mixin: () => {
            const trace = currentTrace();
            return trace ? { traceId: trace.traceId } : {};
          },
        },
        logOutput(),
      ),
      tracing,
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

  /** Logger for Nest itself, without its start-up messages. Its messages may be those of errors. */
  forNest(): LoggerService {
    const write =
      (level: 'warn' | 'error') =>
      (message: unknown, ...context: unknown[]): void => {
        // Start-up errors are thrown to the starter, which reports them once.
        if (context.at(-1) === 'ExceptionHandler') return;
        const err = [message, ...context].find((one) => one instanceof Error);
        this.lines[level](
          { context: String(context.at(-1) ?? ''), ...(err && { err }) },
          `log line of the framework: ${level}`,
        );
      };
    return { log: () => undefined, warn: write('warn'), error: write('error'), fatal: write('error') };
  }
}
