import type { ExitCode } from '../exit-codes.js';

/** Where a command writes. */
export interface Streams {
  out: Pick<NodeJS.WriteStream, 'write'>;
  err: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;
}

const CLEAR_LINE = '\r\u001B[K';
/** Characters that a terminal acts on, or that turn the order of what is read. Names, texts and errors come from others. */
const HARMFUL = /[\p{Cc}\p{Bidi_Control}]/gu;

/** What is safe to be shown of a text, as one line. */
function lineOf(text: string): string {
  return text.replaceAll(/\r?\n|\t/g, ' ').replaceAll(HARMFUL, '\ufffd');
}

/** Same, with its lines. */
function linesOf(text: string): string {
  return text.replaceAll(HARMFUL, (one) => (['\n', '\r', '\t'].includes(one) ? one : '\ufffd'));
}

/** What a command prints: lines of text as they come, or one JSON document at its end. */
export class Output {
  private hasProgress = false;

  constructor(
    private readonly streams: Streams,
    readonly isJson: boolean,
  ) {}

  /** Lines for people; not shown with `--json`. */
  text(...lines: readonly string[]): void {
    if (this.isJson) return;
    this.clearProgress();
    for (const line of lines) this.streams.out.write(`${lineOf(line)}\n`);
  }

  /** A file as a role gave it. */
  content(text: string): void {
    if (this.isJson) return;
    this.clearProgress();
    this.streams.out.write(`${linesOf(text)}\n`);
  }

  /** What a long command does now; shown on a terminal only, and replaced by the next line. */
  progress(line: string): void {
    if (!this.streams.err.isTTY) return;
    this.streams.err.write(`${CLEAR_LINE}${lineOf(line)}`);
    this.hasProgress = true;
  }

  /** The one document of `--json`. */
  json(document: unknown): void {
    this.clearProgress();
    if (this.isJson) this.streams.out.write(`${JSON.stringify(document, null, 2)}\n`);
  }

  /** An error: with `--json` the document is `{ error: { id, message, status? } }`. */
  error(error: { id: string; message: string; status?: number }): void {
    this.clearProgress();
    if (this.isJson) this.json({ error });
    else this.streams.err.write(`levelone: ${linesOf(error.message)}\n`);
  }

  private clearProgress(): void {
    if (this.hasProgress) this.streams.err.write(CLEAR_LINE);
    this.hasProgress = false;
  }
}

/** What a command ends with. */
export interface CommandResult {
  /** The document of `--json`. */
  json: unknown;
  /** Default: done. */
  exitCode?: ExitCode;
}
