import { setImmediate as nextTurn } from 'node:timers/promises';

/** Work that yields after each of its steps, every one of them short, and returns its result. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** Long enough to get on, far too short for anybody to notice. */
const SLICE_MS = 10;

/** Does work a slice at a time: between slices whatever else waits for the event loop has its turn. */
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

/** Does work without a pause. `count` is told of every step. */
export function atOnce<Result>(steps: Steps<Result>, count: () => void = () => undefined): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    count();
  }
}

/** Makes one item of each, a step each. */
export function* mapSteps<Item, Made>(items: Iterable<Item>, make: (item: Item, index: number) => Made): Steps<Made[]> {
  const made: Made[] = [];
  for (const item of items) {
    made.push(make(item, made.length));
    yield;
  }
  return made;
}
