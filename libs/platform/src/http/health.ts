import { Controller, Get, type Type } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ContractError } from '@level-one/errors';
import { CallableBy } from '../roles/callers.js';

const CHECK_TIMEOUT_MS = 2_000;

const TEXT = { type: 'string' } as const;
const NOTES = {
  type: 'array',
  items: TEXT,
  description: 'What should be looked at although this role is ready',
} as const;
const DETAIL = { type: 'object', additionalProperties: { type: 'integer' } } as const;
const STATUS = {
  type: 'object',
  properties: { status: TEXT, notes: NOTES, detail: DETAIL },
  example: { status: 'OK' },
} as const;
const ERROR = {
  type: 'object',
  properties: { id: TEXT, message: TEXT },
  example: { id: 'ServiceUnavailableError', message: 'Not ready: database is read-only' },
} as const;

const DEPENDENCIES = {
  type: 'array',
  items: {
    type: 'object',
    properties: { name: TEXT, ready: { type: 'boolean' }, why: TEXT, optional: { type: 'boolean' } },
  },
} as const;
const READY = {
  type: 'object',
  properties: { ...STATUS.properties, dependencies: DEPENDENCIES },
  example: { status: 'OK', dependencies: [{ name: 'database', ready: true }] },
} as const;
const READY_ERROR = {
  type: 'object',
  properties: { ...ERROR.properties, dependencies: DEPENDENCIES, notes: NOTES },
  example: {
    ...ERROR.example,
    dependencies: [{ name: 'database', ready: false, why: 'is read-only' }],
  },
} as const;
const NOT_READY = 'ServiceUnavailableError: something this role needs does not answer';

/** Why a check fails, in words that health shows after the name of the check. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';

  constructor(
    readonly why: string,
    cause?: unknown,
  ) {
    super(why, { cause });
  }
}

/** Something that this instance depends on, and whether it can be used now. */
export interface DependencyState {
  name: string;
  ready: boolean;
  /** Why it cannot be used. */
  why?: string;
  /** The instance is ready without it, and refuses what needs it. */
  optional?: true;
}

/** Whether this instance may take work, with the state of all that it depends on. */
export interface Readiness {
  ready: boolean;
  isLeaving: boolean;
  dependencies: DependencyState[];
}

type Check = () => Promise<void> | void;

/** Checks that must pass before this instance is ready, and others that it tells of. */
export class Health {
  private readonly checks = new Map<string, Check>();
  private readonly optionalChecks = new Map<string, Check>();
  private isLeaving = false;
  private readonly sources: (() => readonly string[])[] = [];
  private readonly details = new Map<string, () => Promise<number>>();

  /** @param check throws or rejects while the dependency is not usable. */
  registerCheck(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  /** A dependency that {@link readReadiness} tells of, and without which this instance is ready. */
  registerOptionalCheck(name: string, check: Check): void {
    this.optionalChecks.set(name, check);
  }

  /** @param notes answers what should be looked at although this instance is ready. */
  registerNotes(notes: () => readonly string[]): void {
    this.sources.push(notes);
  }

  get notes(): string[] {
    return this.sources.flatMap((notes) => notes());
  }

  /** Says from now on that this instance is not ready, because it stops. */
  leave(): void {
    this.isLeaving = true;
  }

  /**
   * All who ask while it is read get the same: anybody may ask.
   * @param read a number that is shown beside the status, unless it is 0, and does not change it.
   */
  registerDetail(name: string, read: () => Promise<number>): void {
    let running: Promise<number> | undefined;
    this.details.set(name, () => (running ??= read().finally(() => (running = undefined))));
  }

  /** Whether there is such a detail. */
  hasDetail(name: string): boolean {
    return this.details.has(name);
  }

  /** One detail, 0 too. @throws Error while it cannot be read in time */
  async readDetail(name: string): Promise<number> {
    return Promise.race([this.details.get(name)!(), timeout()]);
  }

  /** The details that can be read now and are not 0; undefined if there are none. */
  async readDetails(): Promise<Record<string, number> | undefined> {
    const read: Record<string, number> = {};
    for (const [name, detail] of this.details) {
      const value = await Promise.race([detail(), timeout()]).catch(() => undefined);
      if (value !== undefined && value !== 0) read[name] = value;
    }
    return Object.keys(read).length === 0 ? undefined : read;
  }

  /** Asks for the state of everything at once. Does not throw. */
  async readReadiness(): Promise<Readiness> {
    const { isLeaving } = this;
    const needed = [...this.checks].map(([name, check]) => stateOf(name, check));
    const others = [...this.optionalChecks].map(async ([name, check]) => ({
      ...(await stateOf(name, check)),
      optional: true as const,
    }));
    const dependencies = await Promise.all([...needed, ...others]);
    const ready = !isLeaving && dependencies.every((one) => one.ready || one.optional);
    return { ready, isLeaving, dependencies };
  }

  /** @throws ContractError 503 ServiceUnavailableError with the name of the failed check. */
  async assertReady(): Promise<void> {
    if (this.isLeaving) throw new ContractError(503, 'ServiceUnavailableError', 'Not ready: this role is stopping');
    for (const [name, check] of this.checks) {
      try {
        await Promise.race([Promise.resolve(check()), timeout()]);
      } catch (cause) {
        const why = cause instanceof NotReadyError ? ` ${cause.why}` : '';
        const { notes } = this;
        const extras = notes.length > 0 ? { notes } : {};
        throw new ContractError(503, 'ServiceUnavailableError', `Not ready: ${name}${why}`, extras, cause);
      }
    }
  }
}

async function stateOf(name: string, check: Check): Promise<DependencyState> {
  try {
    await Promise.race([Promise.resolve().then(check), timeout()]);
    return { name, ready: true };
  } catch (error) {
    return { name, ready: false, why: error instanceof NotReadyError ? error.why : 'cannot be used' };
  }
}

async function timeout(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new NotReadyError('does not answer in time')), CHECK_TIMEOUT_MS).unref();
  });
}

/** Answer of `GET /health` and `GET /health/ready`. */
interface HealthAnswer {
  status: string;
  notes?: string[];
  detail?: Record<string, number>;
  dependencies?: DependencyState[];
}

function notReady({ isLeaving, dependencies }: Readiness, notes: string[]): ContractError {
  const failed = dependencies
    .filter(({ ready, optional }) => !ready && !optional)
    .map(({ name, why }) => `${name} ${why}`);
  const why = isLeaving ? 'this role is stopping' : failed.join('; ');
  return new ContractError(503, 'ServiceUnavailableError', `Not ready: ${why}`, {
    dependencies,
    ...(notes.length > 0 && { notes }),
  });
}

/** `GET /health` (contract 0.3), `/health/live` and `/health/ready` under each of the role's base paths. */
export function healthController(basePaths: readonly string[]): Type<unknown> {
  @ApiTags('Health')
  @CallableBy('anyone')
  @Controller([...new Set([...basePaths, ''])].map((path) => `${path}/health`))
  class HealthController {
    constructor(private readonly health: Health) {}

    @Get()
    @ApiOperation({ summary: 'Is this role ready to work?' })
    @ApiResponse({ status: 200, schema: STATUS })
    @ApiResponse({ status: 503, description: NOT_READY, schema: ERROR })
    async checkHealth(): Promise<HealthAnswer> {
      await this.health.assertReady();
      return this.answerReady();
    }

    @Get('live')
    @ApiOperation({ summary: 'Does the process answer? Restart it where it does not; it says nothing else' })
    @ApiResponse({ status: 200, schema: STATUS })
    checkLiveness(): HealthAnswer {
      return { status: 'OK' };
    }

    @Get('ready')
    @ApiOperation({ summary: 'May this role take work? With the state of all that it depends on' })
    @ApiResponse({ status: 200, schema: READY })
    @ApiResponse({ status: 503, description: NOT_READY, schema: READY_ERROR })
    async checkReadiness(): Promise<HealthAnswer> {
      const readiness = await this.health.readReadiness();
      if (!readiness.ready) throw notReady(readiness, this.health.notes);
      return { ...(await this.answerReady()), dependencies: readiness.dependencies };
    }

    private async answerReady(): Promise<HealthAnswer> {
      const { notes } = this.health;
      const detail = await this.health.readDetails();
      return { status: 'OK', ...(notes.length > 0 && { notes }), ...(detail && { detail }) };
    }
  }
  Reflect.defineMetadata('design:paramtypes', [Health], HealthController);
  return HealthController;
}
