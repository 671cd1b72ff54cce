/** Status of a reservation of limits. */
export enum ReservationStatus {
  /** Counted; the payment may still fail. */
  Reserved = 'reserved',
  /** Counted finally. */
  Confirmed = 'confirmed',
  /** Not counted. */
  Released = 'released',
}

const LEGAL_MOVES: Record<ReservationStatus, readonly ReservationStatus[]> = {
  [ReservationStatus.Reserved]: [ReservationStatus.Confirmed, ReservationStatus.Released],
  [ReservationStatus.Confirmed]: [],
  // The payment is tried again, or is executed after its reservation was released.
  [ReservationStatus.Released]: [ReservationStatus.Reserved, ReservationStatus.Confirmed],
};

/** Statuses from which a reservation may move to `to`. */
export function reservationStatusesBefore(to: ReservationStatus): ReservationStatus[] {
  return Object.values(ReservationStatus).filter((from) => LEGAL_MOVES[from].includes(to));
}
