// @ts-check
/** Loaded before a program by `node --import`: its `Date` runs CLOCK_SKEW_MS ahead. Timers are as before. */
const skewMs = Number(process.env.CLOCK_SKEW_MS ?? 0);
const RealDate = Date;

class SkewedDate extends RealDate {
  /** @param {any[]} parts */
  constructor(...parts) {
    // @ts-expect-error Date has several forms of arguments.
    super(...(parts.length === 0 ? [RealDate.now() + skewMs] : parts));
  }

  /** @override */
  static now() {
    return RealDate.now() + skewMs;
  }
}

// Date() without `new` is a text.
globalThis.Date = /** @type {any} */ (
  new Proxy(SkewedDate, {
    apply: () => new SkewedDate().toString(),
    construct: (target, parts) => new target(...parts),
  })
);
