import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that yields after each of its short steps and returns its result. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** Time per slice: long enough for progress, too short to delay requests. */
const SLICE_MS = 10;

/** Runs work in slices; between them other work of the event loop runs. */
export async function inSlices<Result>(steps: Steps<Result>): Promise<Result> {
  let end = performance.now() + SLICE_MS;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    if (performance.now() < end) continue;
    await nextTurn();
    end = performance.now() + SLICE_MS;
  }
}

/** Runs work without pauses. `count` is called for each step. */
export function atOnce<Result>(steps: Steps<Result>, count: () => void = () => undefined): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    count();
  }
}

/** Maps items, one step each. */
export function* mapSteps<Item, Made>(items: Iterable<Item>, make: (item: Item, index: number) => Made): Steps<Made[]> {
  const made: Made[] = [];
  for (const item of items) {
    made.push(make(item, made.length));
    yield;
  }
  return made;
}
