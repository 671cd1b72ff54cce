/** What has become of a reservation of limits. */
export enum ReservationStatus {
  /** Counted; the payment may still fail. */
  Reserved = 'reserved',
  /** Counted for good. */
  Confirmed = 'confirmed',
  /** Not counted. */
  Released = 'released',
}

const LEGAL_MOVES: Record<ReservationStatus, readonly ReservationStatus[]> = {
  [ReservationStatus.Reserved]: [ReservationStatus.Confirmed, ReservationStatus.Released],
  [ReservationStatus.Confirmed]: [],
  // The payment is tried again, or was executed after it had been given up.
  [ReservationStatus.Released]: [ReservationStatus.Reserved, ReservationStatus.Confirmed],
};

/** States from which a reservation may come into `to`. */
export function reservationStatusesBefore(to: ReservationStatus): ReservationStatus[] {
  return Object.values(ReservationStatus).filter((from) => LEGAL_MOVES[from].includes(to));
}
