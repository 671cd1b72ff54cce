/** Exit codes of every command (docs/cli.md). */
export const EXIT = { done: 0, refused: 1, wrongUse: 2, notReachable: 3 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command that cannot be carried out as it was given. */
export class WrongUseError extends Error {
  override readonly name = 'WrongUseError';
}

/** A command that was carried out, and did not get what it was for. */
export class CommandFailedError extends Error {
  override readonly name = 'CommandFailedError';

  constructor(
    readonly id: string,
    message: string,
    readonly exitCode: ExitCode = EXIT.refused,
  ) {
    super(message);
  }
}
