/** Work that several lanes do at the same time, each one piece after the other. */
export interface LanedWork<T> {
  /** Maximum of pieces that are worked on at once. */
  lanes: number;
  /** The next piece; undefined if there is none. */
  take: () => Promise<T | undefined>;
  work: (piece: T) => Promise<void>;
  signal?: AbortSignal | undefined;
}

/**
 * Works until no piece is left. A lane starts the next one with its first piece, so that an idle look costs one `take`.
 * @throws what `take` or `work` throws; the other lanes go on until there is nothing left.
 */
export async function workInLanes<T>(options: LanedWork<T>): Promise<void> {
  const { lanes, take, work, signal } = options;
  const next = async (): Promise<T | undefined> => (signal?.aborted ? undefined : take());
  const first = await next();
  if (first === undefined) return;
  const workAlong = async (): Promise<void> => {
    for (let piece: T | undefined = first; piece !== undefined; piece = await next()) await work(piece);
  };
  const further = lanes > 1 ? [workInLanes({ ...options, lanes: lanes - 1 })] : [];
  await Promise.all([workAlong(), ...further]);
}
