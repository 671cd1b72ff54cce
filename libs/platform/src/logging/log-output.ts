import { pino } from 'pino';

type LogOutput = ReturnType<typeof pino.destination>;

const STDOUT = 1;
/** What waits for a reader at most; further lines are dropped. */
const WAITING_BYTES_MAX = 1_048_576;
const RETRY_MS = 100;

let output: LogOutput | undefined;

/**
 * Where all roles of this process write their logs: standard output. Each line is written at once. If nobody reads, lines
 * wait, and when too many wait, further ones are dropped: a role never waits for the reader of its log. Pino by itself
 * would, and then nothing else would be done, not even a stop.
 */
export function logOutput(): LogOutput {
  output ??= openOutput();
  return output;
}

function openOutput(): LogOutput {
  // Makes the descriptor of a pipe or socket one that refuses instead of blocking.
  void process.stdout;
  const stream = pino.destination({
    dest: STDOUT,
    sync: true,
    maxLength: WAITING_BYTES_MAX,
    retryEAGAIN: () => false,
  });
  let retry: NodeJS.Timeout | undefined;
  stream.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EAGAIN' && code !== 'EBUSY') return;
    clearTimeout(retry);
    retry = setTimeout(() => stream.write(''), RETRY_MS);
    retry.unref();
  });
  // What still waits, once: `flushSync` would try for ever while a disk is full or the reader is gone.
  process.once('exit', () => stream.write(''));
  return stream;
}

/** Goes on when the reader of standard output or standard error is gone. */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
