/** Status of a reservation of limits. The SQL function `move_limits` moves it. */
export enum ReservationStatus {
  /** Counted; the payment may still fail. */
  Reserved = 'reserved',
  /** Counted finally. */
  Confirmed = 'confirmed',
  /** Not counted. It is reserved again if the payment is tried again, and confirmed if it is executed after all. */
  Released = 'released',
}
